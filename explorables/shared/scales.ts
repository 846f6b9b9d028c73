/* Linear and logarithmic scales, each with its ticks and what they say.
   Why not d3-scale: it brings colours and number formats along, nine of the forty kilobytes that a page may cost. */

import { ticks } from "d3-array"

import type { Interval } from "./functions.ts"
import { number, power } from "./messages.ts"

/** Data to px; the setters return the scale. */
export interface Scale {
  (value: number): number
  invert(px: number): number
  domain(): [number, number]
  domain(ends: Interval): Scale
  range(): [number, number]
  range(ends: Interval): Scale
  /** About `count` round values of the domain. */
  ticks(count: number): number[]
  /** What stands at a tick. */
  text(tick: number): string
}

/** The least of few round numbers that is at least `value`, which is not negative: the end of a scale that moves with a
    picture, but in leaps, so that it can be read. */
export function leap(value: number): number {
  if (value === 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ROUND.find(digit => digit * power >= value)!
}

const ROUND = [1, 2, 3, 5, 10, 20] // 20, where the power was rounded

/** The least power of ten that is at least `value`: the same for a logarithmic scale. */
export const decade = (value: number): number => 10 ** Math.ceil(Math.log10(value))

export const linear = (): Scale => scale(v => v, v => v, ticks, number)
export const logarithmic = (): Scale => scale(Math.log10, v => 10 ** v, decades, tick => power(Math.round(Math.log10(tick))))

/** About `count` whole powers of ten, evenly; d3 would label every one or none. */
function decades(low: number, high: number, count: number): number[] {
  const every = Math.max(1, Math.ceil(Math.log10(high / low) / count))
  const values: number[] = []
  for (let e = Math.ceil(Math.log10(low) / every) * every; e <= Math.log10(high); e += every) values.push(10 ** e)
  return values
}

/** A scale on which equal steps of `to(value)` are equally far. */
function scale(
  to: (value: number) => number, from: (step: number) => number,
  ticks: (low: number, high: number, count: number) => number[], text: (tick: number) => string,
): Scale {
  let domain: Interval
  let range: Interval = [0, 1]
  let [zero, unit] = [0, 1]
  const it = ((value: number) => zero + unit * to(value)) as Scale
  const fit = () => {
    unit = (range[1] - range[0]) / (to(domain[1]) - to(domain[0]))
    zero = range[0] - unit * to(domain[0])
    return it
  }
  it.invert = px => from((px - zero) / unit)
  it.domain = ((ends?: Interval) => (ends ? ((domain = [...ends]), fit()) : [...domain])) as Scale["domain"]
  it.range = ((ends?: Interval) => (ends ? ((range = [...ends]), fit()) : [...range])) as Scale["range"]
  it.ticks = count => ticks(...domain, count)
  it.text = text
  return it.domain([from(0), from(1)])
}
