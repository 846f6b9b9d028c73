/* The functions that the explorables walk down: values, gradients, Hessians, and what is known about them.
   No DOM here. tests/test_explorable_numbers.py holds every gradient and Hessian against PyTorch's autograd.

   A gradient is written in the order in which autograd adds its parts (the operation recorded last comes first), so
   that one of + - x alone has the same bits as torch's in float64. When you change a formula, keep that order.

     curves.square.grad(3)                    of one variable, numbers
     surfaces.bowl.grad([1, 2])               of two variables, pairs
     quadratic(50, 30), leastSquares(d, v)    surfaces with parameters
     onLine(curves.square)                    a curve as an Objective, for descent.ts */

/** A point; a curve's has one coordinate. */
export type Vec = readonly number[]
export type Pair = readonly [number, number]
export type Interval = readonly [from: number, to: number]

/** What descent.ts needs of a function R^n -> R. */
export interface Objective {
  f(x: Vec): number
  grad(x: Vec): Vec
  /** Row by row, symmetric. */
  hess(x: Vec): readonly Vec[]
}

/** A function of one variable. */
export interface Curve {
  f(x: number): number
  grad(x: number): number
  hess(x: number): number
  /** The smallest L with |f'(a) - f'(b)| <= L |a - b| everywhere; null where there is none. */
  L: number | null
  /** The rate that contracts fastest from every start; null where no single one does. */
  best: number | null
  /** Where the local minima are, the lowest first. */
  minima: readonly number[]
  /** The part that a picture shows, and where a start may be. */
  domain: Interval
}

/** A function of two variables. */
export interface Surface extends Objective {
  L: number | null
  best: number | null
  minima: readonly Pair[]
  /** Stationary points that are no minima. */
  saddles: readonly Pair[]
  domain: readonly [Interval, Interval]
}

export const curves = {
  /** x^2 */
  square: {
    f: x => x * x,
    grad: x => 2 * x,
    hess: () => 2,
    L: 2,
    best: 0.5,
    minima: [0],
    domain: [-6, 6],
  },
  /** x^4 / 4, flat at the bottom and steeper than any parabola */
  quartic: {
    f: x => x * x * x * x / 4,
    grad: x => x * x * x,
    hess: x => 3 * x * x,
    L: null,
    best: null,
    minima: [0],
    domain: [-5, 5],
  },
  /** x^4 - 3 x^2 + x, two valleys; the roots of 4 x^3 - 6 x + 1 in float64 */
  valleys: {
    f: x => x * x * x * x - 3 * (x * x) + x,
    grad: x => 1 + -3 * (2 * x) + 4 * (x * x * x),
    hess: x => 12 * x * x - 6,
    L: null,
    best: null,
    minima: [-1.3008395659415772, 1.1309011226299863],
    domain: [-2, 2],
  },
  /** |x|; at the kink autograd says 0 */
  absolute: {
    f: x => Math.abs(x),
    grad: x => Math.sign(x),
    hess: () => 0,
    L: null,
    best: null,
    minima: [0],
    domain: [-5, 5],
  },
} satisfies Record<string, Curve>

export const surfaces = {
  /** x1^2 + 2 x2^2 */
  bowl: {
    f: ([x1, x2]) => x1 * x1 + 2 * (x2 * x2),
    grad: ([x1, x2]) => [2 * x1, 2 * (2 * x2)],
    hess: () => [[2, 0], [0, 4]],
    L: 4,
    best: 1 / 3,
    minima: [[0, 0]],
    saddles: [],
    domain: [[-6, 6], [-4, 4]],
  },
  /** (1 - x1)^2 + 100 (x2 - x1^2)^2 */
  rosenbrock: {
    f: ([x1, x2]) => {
      const a = 1 - x1
      const b = x2 - x1 * x1
      return a * a + 100 * (b * b)
    },
    grad: ([x1, x2]) => {
      const b = 100 * (2 * (x2 - x1 * x1))
      return [-b * (2 * x1) + -(2 * (1 - x1)), b]
    },
    hess: ([x1, x2]) => [[1200 * x1 * x1 - 400 * x2 + 2, -400 * x1], [-400 * x1, 200]],
    L: null,
    best: null,
    minima: [[1, 1]],
    saddles: [],
    domain: [[-2, 2], [-1, 3]],
  },
  /** (x1^2 + x2 - 11)^2 + (x1 + x2^2 - 7)^2, four minima of value 0 */
  himmelblau: {
    f: ([x1, x2]) => {
      const a = x1 * x1 + x2 - 11
      const b = x1 + x2 * x2 - 7
      return a * a + b * b
    },
    grad: ([x1, x2]) => {
      const a = 2 * (x1 * x1 + x2 - 11)
      const b = 2 * (x1 + x2 * x2 - 7)
      return [b + a * (2 * x1), b * (2 * x2) + a]
    },
    hess: ([x1, x2]) => {
      const across = 4 * x1 + 4 * x2
      return [[12 * x1 * x1 + 4 * x2 - 42, across], [across, 12 * x2 * x2 + 4 * x1 - 26]]
    },
    L: null,
    best: null,
    minima: [[3, 2], [3.584428340330492, -1.848126526964404], [-2.805118086952745, 3.131312518250573], [-3.779310253377747, -3.283185991286170]],
    saddles: [[-0.2708445906673476, -0.9230385564799813], [0.08667750455539634, 2.884254701174776], [3.385154183607021, 0.07385187983774928], [-3.0730257507643897, -0.08135304428796751], [-0.12796134673068005, -1.9537149802445766]],
    domain: [[-6, 6], [-6, 6]],
  },
  /** x1^2 + (x2^2 - 1)^2 / 4, a saddle between two valleys */
  saddle: {
    f: ([x1, x2]) => {
      const a = x2 * x2 - 1
      return x1 * x1 + a * a / 4
    },
    grad: ([x1, x2]) => [2 * x1, 1 / 4 * (2 * (x2 * x2 - 1)) * (2 * x2)],
    hess: ([, x2]) => [[2, 0], [0, 3 * x2 * x2 - 1]],
    L: null,
    best: null,
    minima: [[0, 1], [0, -1]],
    saddles: [[0, 0]],
    domain: [[-2, 2], [-2, 2]],
  },
} satisfies Record<string, Surface>

/** (u^2 + kappa v^2) / 2, its axes u, v turned by `degrees`: curvatures 1 and kappa, so kappa >= 1 is the condition number. */
export function quadratic(kappa: number, degrees: number): Surface {
  const c = Math.cos(degrees * Math.PI / 180)
  const s = Math.sin(degrees * Math.PI / 180)
  const across = (1 - kappa) * c * s
  return {
    f: ([x1, x2]) => {
      const u = c * x1 + s * x2
      const v = c * x2 - s * x1
      return (u * u + kappa * (v * v)) / 2
    },
    grad: ([x1, x2]) => {
      const u = c * x1 + s * x2
      const v = kappa * (c * x2 - s * x1)
      return [c * u - s * v, s * u + c * v]
    },
    hess: () => [[c * c + kappa * s * s, across], [across, s * s + kappa * c * c]],
    L: kappa,
    best: 2 / (1 + kappa),
    minima: [[0, 0]],
    saddles: [],
    domain: [[-6, 6], [-4, 4]],
  }
}

/** The mean of (y_i - w x_i - b)^2 as a function of [w, b], and its parts. */
export interface LeastSquares extends Surface {
  /** The gradient of the i-th term alone is this times (x_i, 1). */
  pull(i: number, w: number, b: number): number
  /** That gradient. */
  sample(i: number, wb: Vec): Pair
  /** The mean of the terms `chosen`, or of those from place `from` up to `to` among them: the gradient of a mini-batch. */
  batch(chosen: readonly number[], wb: Vec, from?: number, to?: number): Pair
}

/** `x` and `y` of equal length, x not all equal. The domain reaches three times as far as the minimum, around it. */
export function leastSquares(x: Vec, y: Vec): LeastSquares {
  const n = x.length
  const mean = (term: (i: number) => number) => x.reduce((sum, _, i) => sum + term(i), 0) / n
  const [mx, my] = [mean(i => x[i]), mean(i => y[i])]
  const slope = mean(i => (x[i] - mx) * (y[i] - my)) / mean(i => (x[i] - mx) ** 2)
  const minimum: Pair = [slope, my - slope * mx]
  const hess: Vec[] = [[2 * mean(i => x[i] * x[i]), 2 * mx], [2 * mx, 2]]
  const [small, large] = eigenvalues(hess)
  // Thousands of samples a frame: numbers, no arrays.
  const pull = (i: number, w: number, b: number) => -2 * (y[i] - w * x[i] - b)
  const sample = (i: number, [w, b]: Vec): Pair => {
    const r = pull(i, w, b)
    return [r * x[i], r]
  }
  const batch = (chosen: readonly number[], [w, b]: Vec, from = 0, to = chosen.length): Pair => {
    let [gw, gb] = [0, 0]
    for (let k = from; k < to; k++) {
      const r = pull(chosen[k], w, b)
      gw += r * x[chosen[k]]
      gb += r
    }
    return [gw / (to - from), gb / (to - from)]
  }
  const all = x.map((_, i) => i)
  const around = (centre: number): Interval => [centre - 2 * Math.abs(centre), centre + 2 * Math.abs(centre)]
  return {
    f: ([w, b]) => mean(i => (y[i] - w * x[i] - b) ** 2),
    grad: wb => batch(all, wb),
    pull,
    sample,
    batch,
    hess: () => hess,
    L: large,
    best: 2 / (small + large),
    minima: [minimum],
    saddles: [],
    domain: [around(minimum[0]), around(minimum[1])],
  }
}

/** The two eigenvalues of a symmetric 2 x 2 matrix, the smaller first. */
export function eigenvalues(matrix: readonly Vec[]): Pair {
  const [[a, b], [, d]] = matrix as [[number, number], [number, number]]
  const middle = (a + d) / 2
  const spread = Math.hypot((a - d) / 2, b)
  return [middle - spread, middle + spread]
}

/** A curve as an Objective of one coordinate. */
export const onLine = (curve: Curve): Objective => ({
  f: ([x]) => curve.f(x),
  grad: ([x]) => [curve.grad(x)],
  hess: ([x]) => [[curve.hess(x)]],
})
