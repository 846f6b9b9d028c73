/* The functions on which one looks around, and what is seen of one in a direction. No DOM here.
   tests/test_explorable_directions.py holds these numbers against PyTorch's. */

import { surfaces, type Pair, type Surface, type Vec } from "../shared/functions.ts"

export interface Field {
  f(x: Vec): number
  grad(x: Vec): Vec
  /** The picture shows the square from -half to half. */
  half: number
  /** Where the point stands when this function is chosen. */
  start: Pair
  levels: readonly number[]
  /** Points that are hard to hit by hand: where the gradient is zero, or where there is none. */
  special: readonly Pair[]
  /** The derivative along u at the origin, where the function is not differentiable and the dot product is wrong. */
  kink?: (u: Pair) => number
}

const known = ({ f, grad, minima, saddles }: Surface) => ({ f, grad, special: [...minima, ...saddles] })

/** x1^3 / (x1^2 + x2^2), and 0 at the origin: along every u it has a derivative there, u1^3, but no linear model. */
const psi: Pick<Field, "f" | "grad" | "special" | "kink"> = {
  f: ([x1, x2]) => (x1 || x2 ? x1 * x1 * x1 / (x1 * x1 + x2 * x2) : 0),
  grad([x1, x2]) {
    if (!x1 && !x2) return [1, 0] // the partial derivatives, which exist
    const [a, r] = [x1 * x1, x1 * x1 + x2 * x2]
    return [a * (a + 3 * x2 * x2) / (r * r), -2 * a * x1 * x2 / (r * r)]
  },
  special: [[0, 0]],
  kink: ([u1]) => u1 * u1 * u1,
}

export const fields = {
  bowl: { ...known(surfaces.bowl), half: 9, start: [-5, -2], levels: [1, 4, 10, 20, 48, 68, 92, 120, 155] },
  saddle: { ...known(surfaces.saddle), half: 3, start: [1.2, 0.4], levels: [0.03, 0.12, 0.25, 0.5, 1, 1.8, 3, 5, 8, 12, 18] },
  himmelblau: { ...known(surfaces.himmelblau), half: 7.5, start: [1, 3], levels: [8, 30, 75, 130, 182, 270, 430, 700, 1100, 1700, 2600] },
  psi: { ...psi, half: 2.7, start: [1, 1], levels: [-2, -1.5, -1, -0.6, -0.25, 0, 0.25, 0.6, 1, 1.5, 2] },
} satisfies Record<string, Field>

/** How far from the middle the point may go, so that the dial around it stays in the picture; a part of `half`. */
export const ROOM = 0.56

/** A point, a direction, and how steep it is there. All angles in degrees. */
export interface Look {
  x: Pair
  g: Pair
  /** The length of g. */
  norm: number
  /** The direction of g, from the x1 axis; 0 where g is. */
  up: number
  /** From g to u, counter-clockwise, in [-45, 315); from the x1 axis where g is 0. */
  theta: number
  /** theta, where it is exactly one of 0, 90, 180 and 270 and g is not 0. */
  mark: number | null
  u: Pair
  /** D_u f(x), and the dot product of g and u: the same, but for a kink. */
  slope: number
  dot: number
  /** The gradient is 0. */
  still: boolean
  /** The function is not differentiable here. */
  kink: boolean
}

/** What is seen at (x1, x2) facing `angle`. A state has six digits, so what is next to a special point or to a quarter
    turn from the gradient is meant to be there. */
export function look(field: Field, x1: number, x2: number, angle: number): Look {
  const x = field.special.find(([a, b]) => Math.hypot(a - x1, b - x2) < 1e-4) ?? ([x1, x2] as const)
  const kink = field.kink !== undefined && !x[0] && !x[1]
  const slopes = field.grad(x) as Pair
  const still = !kink && (field.special.includes(x) || !(slopes[0] || slopes[1]))
  const g: Pair = still ? [0, 0] : slopes
  const norm = Math.hypot(...g)
  const up = still ? 0 : Math.atan2(g[1], g[0]) / DEGREE
  const turned = wrapped(angle - up)
  const quarter = Math.round(turned / 90)
  const mark = !still && Math.abs(turned - 90 * quarter) < 1e-3 ? 90 * quarter : null
  const u: Pair = mark === null ? [Math.cos(angle * DEGREE), Math.sin(angle * DEGREE)] : quarters([g[0] / norm, g[1] / norm])[quarter]!
  const dot = g[0] * u[0] + g[1] * u[1]
  return { x, g, norm, up, theta: mark ?? turned, mark, u, slope: kink ? field.kink!(u) : dot, dot, still, kink }
}

/** The angle to face for the wanted theta; what is nearly a quarter turn from the gradient becomes one. A key turns by
    1.8 degrees at least, so none gets stuck there. */
export function facing({ up, still }: Look, theta: number): number {
  const quarter = 90 * Math.round(theta / 90)
  const exact = !still && Math.abs(theta - quarter) < 1.5
  const angle = (((exact ? quarter : theta) + up) % 360 + 360) % 360
  return exact ? angle : Number(angle.toFixed(1))
}

/** (f(x + h u) - f(x)) / h */
export const quotient = ({ f }: Field, { x }: Look, u: Pair, h: number) => (f(along(x, u, h)) - f(x)) / h

/** The unit vector at `theta` from the gradient. */
export const unit = ({ up }: Look, theta: number): Pair => [Math.cos((up + theta) * DEGREE), Math.sin((up + theta) * DEGREE)]

export const along = (x: Pair, u: Pair, h: number): Pair => [x[0] + h * u[0], x[1] + h * u[1]]

export const DEGREE = Math.PI / 180

const wrapped = (theta: number) => ((theta + 45) % 360 + 360) % 360 - 45

/** u turned by 0, 90, 180 and 270 degrees, with no more rounding. */
const quarters = ([a, b]: Pair): Pair[] => [[a, b], [-b, a], [-a, -b], [b, -a]]
