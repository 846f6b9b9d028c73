/* One axis of a plot: a line, ticks, and what they say.
   Why not d3-axis: it moves each tick by a transform of its own and makes new ones for new values, and whenever one of
   either changes, a browser puts the whole page together anew. These keep their elements, and no transform is needed. */

import type { Selection } from "d3-selection"

import type { Scale } from "./scales.ts"

/** In px: how long a tick is, and how far from the line its text. */
const TICK = 4
const AWAY = 7

/** Add the axis of a scale, with about `count` ticks; returns what draws it, `across` px from the top or from the left. */
export function axis(
  svg: Selection<SVGSVGElement, unknown, null, undefined>, side: "below" | "left", scale: Scale, count: number,
): (across: number) => void {
  const group = svg.append("g").attr("class", "axis").attr("text-anchor", side === "below" ? "middle" : "end")
  const line = group.append("path")
  return across => {
    const [from, to] = scale.range()
    const values = scale.ticks(count)
    const middle = across + 0.5 // of a pixel, where a line is sharp
    const texts = group.selectAll("text").data(values).join("text").text(value => scale.text(value))
    if (side === "below") {
      line.attr("d", `M${from},${middle}H${to}` + values.map(value => `M${scale(value)},${middle}v${TICK}`).join(""))
      texts.attr("x", scale).attr("y", across + AWAY).attr("dy", "0.71em")
    } else {
      line.attr("d", `M${middle},${from}V${to}` + values.map(value => `M${middle},${scale(value)}h${-TICK}`).join(""))
      texts.attr("x", across - AWAY).attr("y", scale).attr("dy", "0.32em")
    }
  }
}
