/* What is known of the walk before a single sample is drawn: the mean square of its distance d from the minimum obeys a
   linear equation, without approximation, because every f_i is quadratic. With H_i = 2 z_i z_i', g_i = grad f_i(w*), and
   M = E dd', a step of rate eta on b samples drawn with replacement makes of it

     M' = M - eta (HM + MH) + eta^2 S(M) + eta^2 / b (C + cross),    S(M) = E[H_i M H_i] / b + (1 - 1/b) H M H,

   C = E g_i g_i', and `cross` = E[H_i E[d] g_i'] and its transpose, which fades with E[d]. No DOM here. */

import type { LeastSquares, Pair, Vec } from "../shared/functions.ts"

/** A symmetric 2 x 2 matrix by its entries 11, 12, 22. */
export type Symmetric = readonly [number, number, number]
type Matrix = readonly [Symmetric, Symmetric, Symmetric]

export interface Theory {
  /** E |g_i|^2 at the minimum, the trace of C. */
  kicks: number
  /** From this rate on, M grows without bound. */
  limit(b: number): number
  /** By what M is multiplied in a step, in the long run and apart from the kicks. */
  radius(eta: number, b: number): number
  /** The M that a step does not change any more; only below the limit. */
  stationary(eta: number, b: number): Symmetric
  /** The mean of f(w) - f(w*) that belongs to M: tr(HM) / 2. */
  height(M: Symmetric): number
  /** That mean after 0, 1, ..., `steps` steps from `start`, over all the walks there could be. */
  expected(start: Pair, b: number, rates: Float64Array, steps: number): Float64Array
}

/** What is smaller than this changes no sum here. */
const VANISHED = 1e-100

/** For samples z_i = (x_i, 1). */
export function theory(o: LeastSquares, x: Vec): Theory {
  const [[a, c], [, d]] = o.hess([0, 0]) as [[number, number], [number, number]]
  const [best] = o.minima as readonly [Pair]
  const mean = (term: (x: number, kick: number) => number) => x.reduce((sum, xi, i) => sum + term(xi, kicks[i]!), 0) / x.length
  const kicks = x.map((_, i) => o.sample(i, best)[1]) // g_i = kick z_i
  const C: Symmetric = [mean((x, k) => k * k * x * x), mean((x, k) => k * k * x), mean((_, k) => k * k)]
  const [c0, c1, c2, c3] = [0, 1, 2, 3].map(power => mean((x, k) => 4 * k * x ** power)) as [number, number, number, number]

  const pull = matrix(([p, q, r]) => [2 * (a * p + c * q), c * p + (a + d) * q + c * r, 2 * (c * q + d * r)]) // HM + MH
  const whole = matrix(([p, q, r]) => [
    a * a * p + 2 * a * c * q + c * c * r, a * c * p + (a * d + c * c) * q + c * d * r, c * c * p + 2 * c * d * q + d * d * r,
  ]) // HMH
  const single = matrix(([p, q, r]) => [2, 1, 0].map(power =>
    mean(x => 4 * (p * x * x + 2 * q * x + r) * x ** power)) as unknown as Symmetric) // E H_i M H_i
  const spread = (b: number) => sum(scaled(single, 1 / b), scaled(whole, 1 - 1 / b))
  const factor = (eta: number, b: number) => sum(sum(identity, scaled(pull, -eta)), scaled(spread(b), eta * eta))

  const limits = new Map<number, number>()
  return {
    kicks: C[0] + C[2],
    limit(b) {
      const known = limits.get(b) ?? 1 / largest(matrix(M => solved(pull, times(spread(b), M))))
      limits.set(b, known)
      return known
    },
    radius: (eta, b) => largest(factor(eta, b)),
    stationary: (eta, b) => solved(sum(pull, scaled(spread(b), -eta)), C.map(one => eta / b * one) as unknown as Symmetric),
    height: ([p, q, r]) => (a * p + 2 * c * q + d * r) / 2,
    expected(start, b, rates, steps) { // thousands of steps a frame: numbers, no arrays
      const [h, s] = [pull.flat(), spread(b).flat()] as number[][] as [number[], number[]]
      const back = (row: number, p: number, q: number, r: number) => h[row]! * p + h[row + 1]! * q + h[row + 2]! * r
      const wide = (row: number, p: number, q: number, r: number) => s[row]! * p + s[row + 1]! * q + s[row + 2]! * r
      let [u, v] = [start[0] - best[0], start[1] - best[1]]
      let [p, q, r] = [u * u, u * v, v * v]
      const heights = new Float64Array(steps + 1)
      for (let t = 0; ; t++) {
        heights[t] = (a * p + 2 * c * q + d * r) / 2
        if (t === steps) return heights
        const eta = rates[t]!
        const square = eta * eta
        const kick = square / b
        const to11 = p - eta * back(0, p, q, r) + square * wide(0, p, q, r) + kick * (C[0] + c3 * u + c2 * v)
        const to12 = q - eta * back(3, p, q, r) + square * wide(3, p, q, r) + kick * (C[1] + c2 * u + c1 * v)
        const to22 = r - eta * back(6, p, q, r) + square * wide(6, p, q, r) + kick * (C[2] + c1 * u + c0 * v)
        if (rates[t + 1] === eta && to11 === p && to12 === q && to22 === r) return heights.fill(heights[t]!, t) // arrived
        p = to11
        q = to12
        r = to22
        const down = eta * (a * u + c * v)
        v -= eta * (c * u + d * v)
        u -= down
        if (Math.abs(u) + Math.abs(v) < VANISHED) u = v = 0 // a machine counts a hundred times slower with what is left
      }
    },
  }
}

const identity: Matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

/** The 3 x 3 matrix, by rows, of a linear map of symmetric matrices. */
function matrix(map: (M: Symmetric) => Symmetric): Matrix {
  const columns = identity.map(map)
  return [0, 1, 2].map(row => columns.map(column => column[row]!)) as unknown as Matrix
}

const sum = (A: Matrix, B: Matrix) => A.map((row, i) => row.map((one, j) => one + B[i]![j]!)) as unknown as Matrix
const scaled = (A: Matrix, by: number) => A.map(row => row.map(one => one * by)) as unknown as Matrix
const times = ([p, q, r]: Matrix, [x, y, z]: Symmetric): Symmetric => [
  p[0] * x + p[1] * y + p[2] * z, q[0] * x + q[1] * y + q[2] * z, r[0] * x + r[1] * y + r[2] * z,
]

/** The X with A X = B, by Cramer's rule. */
function solved(A: Matrix, B: Symmetric): Symmetric {
  const whole = determinant(A)
  return [0, 1, 2].map(column =>
    determinant(A.map((row, i) => row.map((one, j) => (j === column ? B[i]! : one))) as unknown as Matrix) / whole) as unknown as Symmetric
}

const determinant = ([[a, b, c], [d, e, f], [g, h, i]]: Matrix) => a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

/** The largest eigenvalue of a map that keeps positive matrices positive, which is real, by repeating it. */
function largest(map: Matrix): number {
  let M: Symmetric = [1, 0, 1]
  let size = 1
  for (let i = 0; i < 600; i++) {
    const next = times(map, M)
    size = next[0] + next[2] // the trace; M has trace 1 from the second round on
    M = next.map(one => one / size) as unknown as Symmetric
  }
  return size
}
