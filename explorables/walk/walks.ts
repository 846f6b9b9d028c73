/* The walks of one budget: all spend the same number of sample gradients, in steps of their own price. No DOM here. */

import type { LeastSquares, Pair, Vec } from "../shared/functions.ts"

/** What each walk may spend, in sample gradients; the last TAIL of them measure the noise ball. */
export const BUDGET = 9600
export const TAIL = BUDGET / 2

/** The moments that can be looked at, in gradients spent: one by one through the first 24, then by 24, then by 240. */
export const MOMENTS: readonly number[] = [...spaced(0, 24, 1), ...spaced(48, 2400, 24), ...spaced(2640, BUDGET, 240)]

function spaced(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by)
}

/** The rates of the steps t = 0, 1, ...: fixed, or decaying as 60 / (60 + t), which makes 0.1 the chapter's 6 / (60 + t). */
export function pace(eta: number, decay: boolean): Float64Array {
  const rates = new Float64Array(BUDGET).fill(eta)
  if (decay) for (let t = 0; t < BUDGET; t++) rates[t] = eta * 60 / (60 + t)
  return rates
}

export interface Wander {
  /** The two coordinates after 0, 1, ... steps, and f(w) - f(w*) there; all of them are finite. */
  w1: Float64Array
  w2: Float64Array
  heights: Float64Array
  /** The step whose point or height would not be finite any more, or null where all were walked. */
  end: number | null
}

/** As many steps of `price` gradients as the budget pays for: the t-th from the next `price` of the samples `drawn`,
    or from all samples where nothing is drawn. `x` are the samples' own. */
export function wander(
  o: LeastSquares, x: Vec, start: Pair, price: number, drawn: readonly number[] | null, rates: Float64Array,
): Wander {
  const high = height(o)
  const most = Math.floor(BUDGET / price) + 1
  const [w1, w2, heights] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)]
  const walked = (length: number) => ({ w1: w1.subarray(0, length), w2: w2.subarray(0, length), heights: heights.subarray(0, length) })
  let [u, v] = start
  for (let t = 0; t < most; t++) {
    const now = high(u, v)
    if (!Number.isFinite(now)) return { ...walked(t), end: t }
    w1[t] = u
    w2[t] = v
    heights[t] = now
    if (t + 1 === most) break // the last step draws nothing
    const eta = rates[t]!
    if (drawn !== null && price === 1) {
      const i = drawn[t]!
      const pull = o.pull(i, u, v)
      u -= eta * (pull * x[i]!)
      v -= eta * pull
    } else {
      const g = drawn === null ? o.grad([u, v]) : o.batch(drawn, [u, v], t * price, (t + 1) * price)
      u -= eta * g[0]!
      v -= eta * g[1]!
    }
  }
  return { ...walked(most), end: null }
}

/** f(w) - f(w*), as half the square of w - w* in the Hessian: no digits are lost near the minimum. */
export function height(o: LeastSquares): (w1: number, w2: number) => number {
  const [[a, c], [, d]] = o.hess([0, 0]) as [[number, number], [number, number]]
  const [[best1, best2]] = o.minima as readonly [Pair]
  return (w1, w2) => {
    const u = w1 - best1
    const v = w2 - best2
    return (a * u * u + 2 * c * u * v + d * v * v) / 2
  }
}

/** The mean height over the steps that the tail of the budget pays for; Infinity where the walk has ended before. */
export function tail(end: number | null, heights: Float64Array, price: number): number {
  if (end !== null) return Infinity
  const first = Math.floor((BUDGET - TAIL) / price) + 1
  let sum = 0
  for (let t = first; t < heights.length; t++) sum += heights[t]!
  return sum / (heights.length - first)
}
