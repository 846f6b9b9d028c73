/* What scene.ts does not draw: level sets, paths cut at the picture's border, and all steps of a walk as one path. */

import { put } from "./change.ts"
import type { Pair, Surface } from "./functions.ts"
import { contours, type Plot } from "./scene.ts"
import { conic, cut } from "./geometry.ts"

/** The level sets of a surface; drawn anew only when `key`, which names it, or the size has changed. */
export function landscape(scene: Plot, key: string, surface: Surface, levels: readonly number[], cells: number): void {
  const layer = scene.layer("levels")
  const now = key + scene.width
  if (layer.attr("data-drawn") === now) return
  // The level sets of a quadratic are known exactly, and so are drawn at any condition number.
  const rings = surface.L === null ? [] : levels.flatMap(level => conic(surface.hess([0, 0]), [0, 0], 2 * level))
  layer.attr("data-drawn", now).selectAll("path").data([rings]).join("path")
    .attr("class", "c5 thin faint").attr("d", rings.map(ring => through(scene, ring)).join(""))
  contours(scene, "contours", key, surface.f, surface.L === null ? levels : [], "c5 thin faint", cells)
}

/** One path through the points, as line() of scene.ts, but exact wherever they are. */
export function trail(scene: Plot, layer: string, key: string, points: readonly Pair[], classes: string): void {
  scene.layer(layer).selectAll<SVGPathElement, string>(`path[data-key="${key}"]`).data([through(scene, points)])
    .join(enter => enter.append("path").attr("data-key", key))
    .each(function (d) { put(this, { class: classes, d }) })
}

export const samples = (from: number, to: number, f: (x: number) => number) =>
  Array.from({ length: 81 }, (_, i): Pair => [from + (to - from) * i / 80, f(from + (to - from) * i / 80)])

/** Cut a little outside the picture. Not bounded as Plot.px is, which would bend what flies far away. */
const through = (scene: Plot, points: readonly Pair[]) =>
  cut(points.map(point => pixel(scene, point)), [-20, -20], [scene.width + 20, scene.height + 20])

const pixel = ({ x, y }: Plot, point: Pair): Pair => [x(point[0]), y(point[1])]
