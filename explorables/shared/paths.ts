/* What scene.ts does not draw: level sets, paths cut at the picture's border, and all steps of a walk as one path. */

import { put } from "./change.ts"
import type { Pair, Surface } from "./functions.ts"
import { contours, type Plot } from "./scene.ts"
import { axes, cut } from "./geometry.ts"

/** The level sets of a surface, `levels` above its minimum; drawn anew only when `key`, which names it, or the plot's
    frame has changed. */
export function landscape(scene: Plot, key: string, surface: Surface, levels: readonly number[], cells: number): void {
  const quadratic = surface.L !== null
  contours(scene, "contours", key, surface.f, quadratic ? [] : levels, "c5 thin faint", cells)
  scene.again("ellipses", [key], () => {
    for (const mark of scene.marks("levels", "path", "ellipses", quadratic ? 1 : 0)) {
      put(mark, { class: "c5 thin faint", d: ellipses(scene, surface, levels) })
    }
  })
}

/** The level sets of a quadratic, exact at any condition number. */
function ellipses({ x, y }: Plot, { hess, minima }: Surface, levels: readonly number[]): string {
  const [[p, q]] = minima as [Pair]
  const [[a, b], [, d]] = hess([p, q]) as [[number, number], [number, number]]
  const [px, py] = [x(1) - x(0), y(1) - y(0)]
  const { small, large, turn } = axes([[a / px / px, b / px / py], [b / px / py, d / py / py]])
  return levels.map(level => {
    const [short, long] = [Math.sqrt(2 * level / large), Math.sqrt(2 * level / small)]
    const [dx, dy] = [short * Math.cos(turn), short * Math.sin(turn)]
    const arc = `A${short},${long},${turn * 180 / Math.PI},0,0,`
    return `M${x(p) - dx},${y(q) - dy}${arc}${x(p) + dx},${y(q) + dy}${arc}${x(p) - dx},${y(q) - dy}`
  }).join("")
}

/** One path through the points, as line() of scene.ts, but exact wherever they are. */
export function trail(scene: Plot, layer: string, key: string, points: readonly Pair[], classes: string): void {
  put(scene.marks(layer, "path", key, 1)[0]!, { class: classes, d: through(scene, points) })
}

export const samples = (from: number, to: number, f: (x: number) => number) =>
  Array.from({ length: 81 }, (_, i): Pair => [from + (to - from) * i / 80, f(from + (to - from) * i / 80)])

/** Cut a little outside the picture. Not bounded as Plot.px is, which would bend what flies far away. */
const through = (scene: Plot, points: readonly Pair[]) =>
  cut(points.map(point => pixel(scene, point)), [-20, -20], [scene.width + 20, scene.height + 20])

const pixel = ({ x, y }: Plot, point: Pair): Pair => [x(point[0]), y(point[1])]
