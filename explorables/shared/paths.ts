/* What scene.ts does not draw: level sets, paths cut at the picture's border, and all steps of a walk as one path. */

import { put } from "./change.ts"
import type { Pair, Surface } from "./functions.ts"
import { contours, type Plot } from "./scene.ts"
import { cut } from "./geometry.ts"

/** The level sets of a surface, `levels` above its minimum; drawn anew only when `key`, which names it, or the size has
    changed. */
export function landscape(scene: Plot, key: string, surface: Surface, levels: readonly number[], cells: number): void {
  const layer = scene.layer("levels")
  const now = key + scene.width
  if (layer.attr("data-drawn") === now) return
  const quadratic = surface.L !== null
  layer.attr("data-drawn", now).selectAll<SVGPathElement, unknown>("path").data(quadratic ? [levels] : []).join("path")
    .each(function (levels) {
      put(this, { class: "c5 thin faint stretched", d: levels.map(circle).join(""), transform: stretched(scene, surface) })
    })
  contours(scene, "contours", key, surface.f, quadratic ? [] : levels, "c5 thin faint", cells)
}

/** The level set of |u|^2 / 2. */
function circle(level: number): string {
  const r = Math.sqrt(2 * level)
  return `M${-r},0A${r},${r},0,0,0,${r},0A${r},${r},0,0,0,${-r},0`
}

/** What takes |u|^2 / 2 to a quadratic in px, and so circles to its level sets, exact at any condition number: with the
    Hessian's Cholesky factor C, the point x = minimum + u C^-1 has the height |u|^2 / 2. */
function stretched({ x, y }: Plot, { hess, minima }: Surface): string {
  const [centre] = minima as [Pair]
  const [[a, b], [, d]] = hess(centre) as [[number, number], [number, number]]
  const [one, across] = [Math.sqrt(a), b / Math.sqrt(a)]
  const two = Math.sqrt(d - across * across)
  const [px, py] = [x(1) - x(0), y(1) - y(0)]
  return `matrix(${px / one},0,${-px * across / one / two},${py / two},${x(centre[0])},${y(centre[1])})`
}

/** One path through the points, as line() of scene.ts, but exact wherever they are. */
export function trail(scene: Plot, layer: string, key: string, points: readonly Pair[], classes: string): void {
  put(scene.mark(layer, "path", key, true)!, { class: classes, d: through(scene, points) })
}

export const samples = (from: number, to: number, f: (x: number) => number) =>
  Array.from({ length: 81 }, (_, i): Pair => [from + (to - from) * i / 80, f(from + (to - from) * i / 80)])

/** Cut a little outside the picture. Not bounded as Plot.px is, which would bend what flies far away. */
const through = (scene: Plot, points: readonly Pair[]) =>
  cut(points.map(point => pixel(scene, point)), [-20, -20], [scene.width + 20, scene.height + 20])

const pixel = ({ x, y }: Plot, point: Pair): Pair => [x(point[0]), y(point[1])]
