/* Level sets of quadratic models, and the parts of a path that are near a picture. No DOM here. */

import { eigenvalues, type Interval, type Pair, type Vec } from "./functions.ts"

/** The eigenvalues of a symmetric 2 x 2 matrix, and how far the axis of the large one is turned from the first, in
    radians. */
export function axes(matrix: readonly Vec[]): { small: number; large: number; turn: number } {
  const [[a, b], [, d]] = matrix as [[number, number], [number, number]]
  const [small, large] = eigenvalues(matrix)
  return { small, large, turn: Math.atan2(2 * b, a - d) / 2 }
}

/** The points y with (y - centre)' M (y - centre) = size, for a symmetric 2 x 2 matrix M: one closed curve, the two
    branches of a hyperbola, or nothing where there is no such curve. */
export function conic(matrix: readonly Vec[], centre: Pair, size: number): Pair[][] {
  const { small, large, turn } = axes(matrix)
  const [c, s] = [Math.cos(turn), Math.sin(turn)]
  const at = (along: number, across: number): Pair => [centre[0] + along * c - across * s, centre[1] + along * s + across * c]
  if (size / small > 0 && size / large > 0) {
    const [p, q] = [Math.sqrt(size / large), Math.sqrt(size / small)]
    return [parts(0, 2 * Math.PI, t => at(p * Math.cos(t), q * Math.sin(t)))]
  }
  if (small * large < 0 && size !== 0) {
    const [p, q] = [Math.sqrt(Math.abs(size / large)), Math.sqrt(Math.abs(size / small))]
    return [1, -1].map(side => parts(-4, 4, t => size > 0
      ? at(side * p * Math.cosh(t), q * Math.sinh(t))
      : at(p * Math.sinh(t), side * q * Math.cosh(t))))
  }
  return []
}

const parts = (from: number, to: number, point: (t: number) => Pair) =>
  Array.from({ length: 65 }, (_, i) => point(from + (to - from) * i / 64))

/** A point in px as SVG has it. */
export const place = ([x, y]: Pair): string => `${x.toFixed(1)},${y.toFixed(1)}`

/** The path through `points` as SVG has it, cut exactly at the box from [low, low'] to [high, high']: what flies far
    away leaves the picture in its true direction. */
export function cut(points: readonly Pair[], low: Pair, high: Pair): string {
  let d = ""
  let last = ""
  let joined = false // the last segment ended at a point, not at the border
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1]!
    const to = points[i]!
    const part: Interval | null = joined && inBox(to, low, high) ? WHOLE : seen(from, to, low, high)
    if (part) {
      const end = place(along(from, to, part[1]))
      if (!joined || part[0] > 0) d += `M${place(along(from, to, part[0]))}L${end}`
      else if (end !== last) d += `L${end}` // a walk that has arrived stays where it is
      last = end
    }
    joined = part?.[1] === 1
  }
  return d
}

const WHOLE: Interval = [0, 1]

/** Whether a point lies in the box from [low, low'] to [high, high'], its border included. */
export const inBox = ([x, y]: Pair, low: Pair, high: Pair): boolean => x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]

/** Which part of a segment lies in a box, as fractions of it; null for none. */
function seen(from: Pair, to: Pair, low: Pair, high: Pair): Interval | null {
  let enter = 0
  let leave = 1
  for (let axis = 0; axis < 2; axis++) {
    const way = to[axis]! - from[axis]!
    const a = (low[axis]! - from[axis]!) / way
    const b = (high[axis]! - from[axis]!) / way
    if (way === 0) {
      if (from[axis]! < low[axis]! || from[axis]! > high[axis]!) return null
    } else {
      enter = Math.max(enter, Math.min(a, b))
      leave = Math.min(leave, Math.max(a, b))
    }
  }
  return enter < leave ? [enter, leave] : null
}

const along = (from: Pair, to: Pair, part: number): Pair =>
  part === 1 ? to : [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]
