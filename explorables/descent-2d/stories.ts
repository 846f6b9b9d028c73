/* What is seen of each surface, and where it begins when it is chosen. Every window is 6 : 5, as the picture is, so
   that both axes have one scale and a right angle is one. */

import { quadratic, surfaces, type Interval, type Surface } from "../shared/functions.ts"

export type Name = "bowl" | "valley" | "rosenbrock" | "himmelblau" | "saddle"

export const RATIO = 5 / 6

export interface Story {
  x1: number
  x2: number
  eta: number
  window: readonly [Interval, Interval]
  levels: readonly number[]
  /** The slices are drawn up to here at least. */
  top: number
}

const wide: Story["window"] = [[-6, 6], [-5, 5]]
const ellipses = [0.4, 0.9, 1.7, 2.7, 3.9, 5.3, 7.2, 10, 14, 20, 29, 42].map(radius => radius * radius / 2)

export const STORIES: Record<Name, Story> = {
  bowl: { x1: -5, x2: -2, eta: 0.1, window: wide, levels: ellipses.map(level => 2 * level), top: 20 },
  valley: { x1: -5, x2: 1, eta: 0.095, window: wide, levels: ellipses, top: 20 },
  rosenbrock: {
    x1: -1.5, x2: 2, eta: 0.001, window: [[-2.4, 2.4], [-1, 3]], levels: [0.3, 2, 8, 30, 80, 180, 360, 700, 1300, 2200], top: 300,
  },
  himmelblau: {
    x1: 0.5, x2: -1, eta: 0.01, window: wide, levels: [2, 10, 25, 50, 85, 130, 182, 260, 400, 650, 1000, 1500], top: 300,
  },
  saddle: {
    x1: 1.5, x2: 0.001, eta: 0.1, window: [[-2.4, 2.4], [-2, 2]], levels: [0.03, 0.12, 0.25, 0.5, 0.9, 1.5, 2.3, 3.3, 4.5, 6], top: 3,
  },
}

export const surfaceOf = (name: Name, kappa: number, degrees: number): Surface =>
  name === "valley" ? quadratic(kappa, degrees) : surfaces[name]
