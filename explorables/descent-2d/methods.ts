/* The four methods on one surface: their steps, the local model that each believes in, and what becomes of a walk.
   No DOM here. */

import { gd, momentum, newton, preconditioned, type Step, type Walk } from "../shared/descent.ts"
import { eigenvalues, type Pair, type Surface, type Vec } from "../shared/functions.ts"

export const METHODS = ["gd", "preconditioned", "newton", "momentum"] as const
export type Method = (typeof METHODS)[number]

/** The steps that the picture shows. */
export const SHOWN = 100

/** Preconditioning and Newton's method bring their own ruler: their rate is 1. */
export function stepOf(method: Method, surface: Surface, eta: number, mu: number): Step {
  if (method === "preconditioned") return preconditioned(surface, 1)
  if (method === "newton") return newton(surface)
  return method === "momentum" ? momentum(surface, eta, mu) : gd(surface, eta)
}

/** The M of the model f + g'p + p'Mp/2 whose stationary point is the step (of momentum: the part without inertia). */
export function modelOf(method: Method, surface: Surface, x: Vec, eta: number): readonly Vec[] {
  if (method === "gd" || method === "momentum") return [[1 / eta, 0], [0, 1 / eta]]
  const h = surface.hess(x)
  return method === "newton" ? h : [[Math.abs(h[0]![0]!), 0], [0, Math.abs(h[1]![1]!)]]
}

/** A symmetric 2 x 2 matrix by its eigenvalues, the smaller first, and its unit eigenvectors. */
export function axes(matrix: readonly Vec[]): { lambda: number; q: Pair }[] {
  const [[a, b], [, d]] = matrix as [[number, number], [number, number]]
  const [small, large] = eigenvalues(matrix)
  const turn = Math.atan2(2 * b, a - d) / 2
  // Where the axes are the coordinates' own, they are so without rounding.
  const [c, s] = b !== 0 ? [Math.cos(turn), Math.sin(turn)] : a > d ? [1, 0] : [0, 1]
  return [{ lambda: small, q: [-s, c] }, { lambda: large, q: [c, s] }]
}

export type Regime = "slow" | "monotone" | "swinging" | "cycling" | "divergent" | "settled" | "saddle" | "moving"

/** Rates are cut to six digits on their way into the state; what is nearer than that is equal. */
const ROUNDING = 2e-5
const equal = (a: number, b: number) => Math.abs(a - b) < ROUNDING

/** What a fixed quadratic makes of a method: the factors of each step along its axes, or the size of the largest. */
export interface Theory { regime: Regime; factors: { lambda: number; factor: number }[]; rho: number }

/** Gradient descent: the error along an axis is multiplied by 1 - eta lambda. Axes in which the start has no part do
    not count. */
export function descentTheory(surface: Surface, start: Vec, eta: number): Theory {
  const [bottom] = surface.minima as readonly [Pair]
  const error = [start[0]! - bottom[0], start[1]! - bottom[1]] as const
  const factors = axes(surface.hess(start))
    .filter(({ q }) => error[0] * q[0] + error[1] * q[1] !== 0)
    .map(({ lambda }) => ({ lambda, factor: equal(eta * lambda, 1) ? 0 : 1 - eta * lambda }))
  const rho = Math.max(0, ...factors.map(({ factor }) => Math.abs(factor)))
  const regime = equal(rho, 1) && factors.some(({ factor }) => factor < 0) ? "cycling"
    : rho > 1 ? "divergent"
    : factors.some(({ factor }) => factor < 0) ? "swinging"
    : rho ** SHOWN > 0.05 ? "slow" : "monotone"
  return { regime, factors, rho }
}

/** Diagonal preconditioning: I - D^-1 A has the eigenvalues rho and -rho. */
export function preconditionedTheory(surface: Surface): Theory {
  const [[a, b], [, d]] = surface.hess([0, 0]) as [[number, number], [number, number]]
  const rho = Math.abs(b) / Math.sqrt(a * d)
  return { regime: rho < ROUNDING ? "settled" : "swinging", factors: [], rho: rho < ROUNDING ? 0 : rho }
}

/** Momentum: along an axis, z^2 - (1 + mu - eta lambda) z + mu = 0 gives the two factors. */
export function momentumTheory(surface: Surface, eta: number, mu: number): Theory {
  const largest = eigenvalues(surface.hess([0, 0])).map(lambda => {
    const sum = 1 + mu - eta * lambda
    const inside = sum * sum - 4 * mu
    return { rho: inside < 0 ? Math.sqrt(mu) : (Math.abs(sum) + Math.sqrt(inside)) / 2, swings: inside < 0 || sum < 0 }
  })
  const rho = Math.max(...largest.map(one => one.rho))
  const regime = equal(rho, 1) && eta * surface.L! > 1 ? "cycling" : rho > 1 ? "divergent"
    : largest.some(one => one.swings) ? "swinging" : rho ** SHOWN > 0.05 ? "slow" : "monotone"
  return { regime, factors: [], rho }
}

/** What became of a walk within the steps shown, seen from its end: for surfaces without a theory. */
export function fate(surface: Surface, { points, losses, end }: Walk): Regime {
  if (end !== null) return "divergent"
  const [x1, x2] = points[SHOWN] as unknown as Pair
  const near = (places: readonly Pair[]) => places.some(([a, b]) => Math.hypot(a - x1, b - x2) < 0.02)
  if (near(surface.minima)) return "settled"
  if (near(surface.saddles)) return "saddle"
  const rises = losses.slice(SHOWN - 20, SHOWN + 1).some((loss, i, all) => i > 0 && loss > all[i - 1]! * (1 + 1e-12))
  return rises ? "moving" : "slow"
}

/** The first step whose loss is a millionth of the start's; null where none of those shown is. */
export function millionth({ losses }: Walk): number | null {
  const k = losses.slice(0, SHOWN + 1).findIndex(loss => loss <= 1e-6 * losses[0]!)
  return k < 0 ? null : k
}
