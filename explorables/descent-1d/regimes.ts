/* What a learning rate does to a walk on a curve: its regime, and the regimes along the whole slider. No DOM here. */

import type { Curve } from "../shared/functions.ts"

export type Regime = "slow" | "monotone" | "swinging" | "cycling" | "chaotic" | "divergent"

export interface Fate {
  regime: Regime
  /** How many points the final cycle has; 1 where there is none. */
  period: number
  /** The part of the way down that is left after `SHOWN` steps. */
  left: number
}

/** The steps that the picture shows. */
export const SHOWN = 40
/** The steps after which a walk must have shown what becomes of it. */
const LONG = 400
/** With more than this left after `SHOWN` steps, a walk on one side is too slow. */
const TOO_MUCH = 0.005
const LONGEST_CYCLE = 12

/** What becomes of the walk from `start`. On a parabola the theory says it; elsewhere a long walk shows it. */
export function fate(curve: Curve, start: number, eta: number): Fate {
  const known = curve.L !== null && curve.best !== null
  const xs = longWalk(curve, start, eta, known ? SHOWN : LONG)
  const left = remaining(curve, xs)
  const be = (regime: Regime, period = 1): Fate => ({ regime, period, left })
  const oneWay = xs.slice(1).every((x, k) => (x - xs[k]!) * (xs[1]! - xs[0]!) >= 0)
  if (known) {
    const factor = 1 - eta * curve.L!
    if (Math.abs(factor + 1) < 1e-9) return be("cycling", 2)
    if (factor < -1) return be("divergent")
    return be(factor < 0 ? "swinging" : left > TOO_MUCH ? "slow" : "monotone")
  }
  if (xs.length <= LONG) return be("divergent")
  if (oneWay) return be(left > TOO_MUCH ? "slow" : "monotone")
  const tiny = 1e-6 * (curve.domain[1] - curve.domain[0])
  const tail = [LONG, LONG - 1, LONG - 2]
  const longest = (until: number) => {
    let most = 0
    for (let k = until; k > until - 50; k--) most = Math.max(most, Math.abs(xs[k]! - xs[k - 1]!))
    return most
  }
  if (longest(LONG) < tiny || longest(LONG) < 0.9 * longest(LONG / 2)) {
    // Which way it went while it could still be seen.
    const alternating = xs.slice(2, SHOWN).some((x, k) => (x - xs[k + 1]!) * (xs[k + 1]! - xs[k]!) < -tiny * tiny)
    return be(alternating ? "swinging" : left > TOO_MUCH ? "slow" : "monotone")
  }
  for (let period = 2; period <= LONGEST_CYCLE; period++) {
    if (tail.every(k => Math.abs(xs[k]! - xs[k - period]!) < 100 * tiny)) {
      // The walk itself may not have reached its cycle yet.
      return left > TOO_MUCH && xs.slice(1, SHOWN + 1).every((x, k) => (x - xs[k]!) * (xs[1]! - xs[0]!) >= 0) ? be("slow", period) : be("cycling", period)
    }
  }
  return be("chaotic")
}

/** gd() and walk() of descent.ts on plain numbers, for the slider asks a hundred times per frame; ends where they do. */
function longWalk(curve: Curve, start: number, eta: number, steps: number): number[] {
  const xs = [start]
  let x = start
  while (xs.length <= steps) {
    x = x - eta * curve.grad(x)
    if (!Number.isFinite(curve.f(x))) break
    xs.push(x)
  }
  return xs
}

function remaining(curve: Curve, xs: readonly number[]): number {
  const now = xs[SHOWN] ?? Infinity
  const ways = curve.minima.map(m => [Math.abs(m - now), m] as const).sort(([a], [b]) => a - b)
  const bottom = curve.f(ways[0]![1])
  const whole = curve.f(xs[0]!) - bottom
  return whole > 0 ? (curve.f(now) - bottom) / whole : 0
}

/** The regimes from the rate `min` to `max`, each until its `to`; borders are exact to three thousandths. */
export function regimes(curve: Curve, start: number, min: number, max: number): { to: number; regime: Regime }[] {
  const samples = 96
  const rate = (i: number) => min * (max / min) ** (i / samples)
  const at = (eta: number) => fate(curve, start, eta).regime
  const parts: { to: number; regime: Regime }[] = []
  let regime = at(min)
  for (let i = 1; i <= samples; i++) {
    const next = at(rate(i))
    if (next === regime) continue
    let [low, high] = [rate(i - 1), rate(i)]
    while (high / low > 1.003) {
      const middle = Math.sqrt(low * high)
      if (at(middle) === regime) low = middle
      else high = middle
    }
    parts.push({ to: high, regime })
    regime = next
  }
  return [...parts, { to: max, regime }]
}
