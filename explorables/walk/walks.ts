/* The walks of one budget: all spend the same number of sample gradients, in steps of their own price. No DOM here. */

import type { LeastSquares, Pair } from "../shared/functions.ts"

/** What each walk may spend, in sample gradients; the last TAIL of them measure the noise ball. */
export const BUDGET = 9600
export const TAIL = BUDGET / 2

/** The moments that can be looked at, in gradients spent: one by one through the first 24, then by 24, then by 240. */
export const MOMENTS: readonly number[] = [...spaced(0, 24, 1), ...spaced(48, 2400, 24), ...spaced(2640, BUDGET, 240)]

function spaced(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by)
}

/** The rate of step t = 0, 1, ...: fixed, or decaying as 60 / (60 + t), which makes 0.1 the chapter's 6 / (60 + t). */
export const pace = (eta: number, decay: boolean) => (t: number): number => (decay ? eta * 60 / (60 + t) : eta)

export interface Wander {
  /** Where it stands after t steps; all of them, and their heights, are finite. */
  points: Pair[]
  /** f(w) - f(w*) there. */
  heights: number[]
  /** The step whose point or height would not be finite any more, or null where all were walked. */
  end: number | null
}

/** As many steps of `price` gradients as the budget pays for: the t-th from the next `price` of the samples `drawn`,
    or from all samples where nothing is drawn. */
export function wander(o: LeastSquares, start: Pair, price: number, drawn: readonly number[] | null, rate: (t: number) => number): Wander {
  const high = height(o)
  const points: Pair[] = []
  const heights: number[] = []
  let w = start
  for (let t = 0; t * price <= BUDGET; t++) {
    const now = high(w)
    if (!Number.isFinite(now)) return { points, heights, end: t }
    points.push(w)
    heights.push(now)
    const g = drawn === null ? o.grad(w) : price === 1 ? o.sample(drawn[t]!, w) : o.batch(drawn.slice(t * price, (t + 1) * price), w)
    if (t * price + price > BUDGET) break
    const eta = rate(t)
    w = [w[0] - eta * g[0]!, w[1] - eta * g[1]!]
  }
  return { points, heights, end: null }
}

/** f(w) - f(w*), as half the square of w - w* in the Hessian: no digits are lost near the minimum. */
export function height(o: LeastSquares): (w: Pair) => number {
  const [[a, c], [, d]] = o.hess([0, 0]) as [[number, number], [number, number]]
  const [best] = o.minima as readonly [Pair]
  return ([w1, w2]) => {
    const [u, v] = [w1 - best[0], w2 - best[1]]
    return (a * u * u + 2 * c * u * v + d * v * v) / 2
  }
}

/** The mean height over the steps that the tail of the budget pays for; Infinity where the walk has ended before. */
export function tail({ end }: Wander, heights: readonly number[], price: number): number {
  if (end !== null) return Infinity
  const last = heights.slice(Math.floor((BUDGET - TAIL) / price) + 1)
  return last.reduce((sum, one) => sum + one, 0) / last.length
}
