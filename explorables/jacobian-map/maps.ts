/* Maps of the plane with their Jacobian matrices, and what a map and its matrix do to a small square. No DOM here.
   A test holds the matrices against autograd's. */

import type { Interval, Pair } from "../shared/functions.ts"

/** Row i holds the partial derivatives of output i. */
export type Matrix = readonly [Pair, Pair]

export interface PlaneMap {
  f(x: Pair): Pair
  J(x: Pair): Matrix
  /** Where the point may go. */
  domain: readonly [Interval, Interval]
  /** Where det J = 0, as lines; a single point is a line of one. They reach beyond the domain, as the grid does. */
  flat: readonly (readonly Pair[])[]
}

const AROUND: readonly [Interval, Interval] = [[-1.5, 1.5], [-1.5, 1.5]]

export const maps = {
  /** The chapter's own example. */
  phi: {
    f: ([x1, x2]) => [x1 * x1 - x2, x1 * x2],
    J: ([x1, x2]) => [[2 * x1, -1], [x2, x1]],
    domain: AROUND,
    flat: [span([-1.2, 1.2], 48).map((x1): Pair => [x1, -2 * x1 * x1])],
  },
  /** The inputs are r and θ. */
  polar: {
    f: ([r, theta]) => [r * Math.cos(theta), r * Math.sin(theta)],
    J: ([r, theta]) => [[Math.cos(theta), -r * Math.sin(theta)], [Math.sin(theta), r * Math.cos(theta)]],
    domain: [[0, 3.5], [0, 2 * Math.PI]],
    flat: [[[0, -2], [0, 9]]],
  },
  /** z², for z = x1 + i x2. */
  square: {
    f: ([x1, x2]) => [x1 * x1 - x2 * x2, 2 * x1 * x2],
    J: ([x1, x2]) => [[2 * x1, -2 * x2], [2 * x2, 2 * x1]],
    domain: AROUND,
    flat: [[[0, 0]]],
  },
  shear: {
    f: ([x1, x2]) => [x1 + x2, x2],
    J: () => [[1, 1], [0, 1]],
    domain: AROUND,
    flat: [],
  },
  fold: {
    f: ([x1, x2]) => [x1, x2 * x2],
    J: ([, x2]) => [[1, 0], [0, 2 * x2]],
    domain: AROUND,
    flat: [[[-4, 0], [4, 0]]],
  },
} satisfies Record<string, PlaneMap>

export const det = ([[a, b], [c, d]]: Matrix): number => a * d - b * c

/** J h: where a step h of the input takes the output. */
export const push = ([[a, b], [c, d]]: Matrix, [h1, h2]: Pair): Pair => [a * h1 + b * h2, c * h1 + d * h2]

/** vᵀJ: v1 times the first row and v2 times the second. */
export const pull = ([v1, v2]: Pair, [[a, b], [c, d]]: Matrix): Pair => [v1 * a + v2 * c, v1 * b + v2 * d]

export const plus = (a: Pair, b: Pair): Pair => [a[0] + b[0], a[1] + b[1]]
export const minus = (a: Pair, b: Pair): Pair => [a[0] - b[0], a[1] - b[1]]
export const times = (t: number, [x, y]: Pair): Pair => [t * x, t * y]

/** `cells` + 1 numbers, evenly from one end to the other. */
export function span([from, to]: Interval, cells: number): number[] {
  return Array.from({ length: cells + 1 }, (_, i) => from + (to - from) * i / cells)
}

/** The edge of the unit square, counterclockwise, 20 points a side. */
export const EDGE: readonly Pair[] = [
  ...span([0, 1], 20).slice(1).map((t): Pair => [t, 0]),
  ...span([0, 1], 20).slice(1).map((t): Pair => [1, t]),
  ...span([0, 1], 20).slice(1).map((t): Pair => [1 - t, 1]),
  ...span([0, 1], 20).slice(1).map((t): Pair => [0, 1 - t]),
]

/** What becomes of the point q of the unit square, when the square of side s stands with its corner at p:
    the step of the output as J says it and as it really is, both divided by s. */
export function moved(map: PlaneMap, p: Pair, s: number): { promised(q: Pair): Pair; real(q: Pair): Pair } {
  const [here, J] = [map.f(p), map.J(p)]
  return {
    promised: q => push(J, q),
    real: q => times(1 / s, minus(map.f(plus(p, times(s, q))), here)),
  }
}

/** How many times larger the square becomes: the area of its image over s², that is the mean of det J over the square.
    What is turned over counts as negative. Gauss's four nodes are exact here: every det J is a quadratic at most. */
export function growth(map: PlaneMap, p: Pair, s: number): number {
  const nodes = [(1 - 1 / Math.sqrt(3)) / 2, (1 + 1 / Math.sqrt(3)) / 2]
  return nodes.flatMap(a => nodes.map(b => det(map.J(plus(p, times(s, [a, b])))) / 4)).reduce((sum, part) => sum + part)
}

/** Whether det J has both signs in the square: then its image is folded. */
export function folded(map: PlaneMap, p: Pair, s: number): boolean {
  const signs = new Set(span([0, 1], 20).flatMap(a => span([0, 1], 20).map(b => {
    const size = det(map.J(plus(p, times(s, [a, b]))))
    return Math.abs(size) < 1e-9 ? 0 : Math.sign(size)
  })))
  return signs.has(1) && signs.has(-1)
}
