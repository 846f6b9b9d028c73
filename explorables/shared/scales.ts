/* Linear and logarithmic scales, with the parts of d3-scale's interface that d3-axis and the pictures need.
   Why not d3-scale: it brings colours and number formats along, nine of the forty kilobytes that a page may cost. */

import { ticks } from "d3-array"

import type { Interval } from "./functions.ts"

/** Data to px; the setters return the scale. */
export interface Scale {
  (value: number): number
  invert(px: number): number
  domain(): [number, number]
  domain(ends: Interval): Scale
  range(): [number, number]
  range(ends: Interval): Scale
  ticks(count: number): number[]
  copy(): Scale
}

/** The least of few round numbers that is at least `value`, which is not negative: the end of a scale that moves with a
    picture, but in leaps, for a frame that draws an axis anew takes longer. */
export function leap(value: number): number {
  if (value === 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ROUND.find(digit => digit * power >= value)!
}

const ROUND = [1, 2, 3, 5, 10, 20] // 20, where the power was rounded

/** The least power of ten that is at least `value`: the same for a logarithmic scale. */
export const decade = (value: number): number => 10 ** Math.ceil(Math.log10(value))

export const linear = (): Scale => scale(v => v, v => v, [0, 1], [0, 1])
export const logarithmic = (): Scale => scale(Math.log10, v => 10 ** v, [1, 10], [0, 1])

function scale(to: (value: number) => number, from: (value: number) => number, domain: Interval, range: Interval): Scale {
  const part = (value: number) => (to(value) - to(domain[0])) / (to(domain[1]) - to(domain[0]))
  const it = ((value: number) => range[0] + part(value) * (range[1] - range[0])) as Scale
  it.invert = px => from(to(domain[0]) + (px - range[0]) / (range[1] - range[0]) * (to(domain[1]) - to(domain[0])))
  it.domain = ((ends?: Interval) => (ends ? ((domain = [...ends]), it) : [...domain])) as Scale["domain"]
  it.range = ((ends?: Interval) => (ends ? ((range = [...ends]), it) : [...range])) as Scale["range"]
  it.ticks = count => ticks(to(domain[0]), to(domain[1]), count).map(from)
  it.copy = () => scale(to, from, domain, range)
  return it
}
