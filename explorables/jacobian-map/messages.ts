/* The words of "The Jacobian as a picture". */

import { bilingual, number } from "../shared/messages.ts"
import type { Pair } from "../shared/functions.ts"
import type { Matrix } from "./maps.ts"

/** A point or a vector; what is only rounding is 0. */
export const pair = (p: Pair): string => `(${p.map(x => short(x)).join(", ")})`
export const short = (x: number, digits = 3): string => number(Math.abs(x) < 1e-12 ? 0 : x, digits)
const rows = ([one, two]: Matrix): [string, string] => [pair(one), pair(two)]

/** A step h, what J promises for it, and what really happens. */
export interface StepFacts { h: Pair; promised: Pair; real: Pair; error: number; part: number }

export const messages = bilingual({
  zh: {
    title: "看得见的雅可比矩阵",
    how: "拖动橙点换位置，滑动 s 缩小方块；下方的 v 也可以拖。",
    hint: "拖我",
    f: "映射",
    names: { phi: "Φ", polar: "极坐标", square: "z²", shear: "错切", fold: "折叠" },
    spoken: { phi: "Φ，x1 平方减 x2，x1 乘 x2", polar: "极坐标", square: "复数 z 的平方", shear: "错切", fold: "折叠，x1，x2 平方" },
    input: "输入：边长为 s 的小方块",
    output: "输出：蓝是真实的像，橙是 J 的像",
    loupe: "放大 1/s 倍看同一个像",
    facts: "雅可比矩阵",
    growth: "面积放大多少倍",
    back: "输出一侧：拖动 v",
    row: "输入一侧：vᵀJ 是各行的组合",
    side: "方块的边长 s",
    point: "输入平面上的点 p",
    v: "输出一侧的向量 v",
    rows: ["第 1 行", "第 2 行"] as Pair2,
    flat: "det J = 0",
    promise: "det J",
    truth: "真实",
    step: ({ h, promised, real, error, part }: StepFacts) =>
      `走一步 h = ${pair(h)}：J 许诺输出变化 ${pair(promised)}，实际变化 ${pair(real)}，` +
      (error === 0 ? "分毫不差。" : `差 ${short(error)}，是步长的 ${short(100 * part)}%。`),
    kinds: {
      larger: (det: string, real: string) => `平行四边形的面积是方块的 ${det} 倍，真实的像是 ${real} 倍；方块越小，两者越接近。`,
      exact: (det: string) => `平行四边形的面积是方块的 ${det} 倍，真实的像与它完全重合。`,
      turned: (det: string, real: string) => `负号说明图形翻了面。平行四边形的面积是方块的 ${det} 倍，真实的像是 ${real} 倍；方块越小，两者越接近。`,
      line: "平行四边形压扁成一条线段：有一个方向上的变化，一阶看不见了。",
      nothing: "J 全是零，平行四边形缩成一点：一阶什么也看不见。",
      folded: (real: string) => `方块跨过了 det J = 0 的线，像折了起来。翻面的部分算负面积，真实的像合起来是 ${real} 倍。`,
      twice: (real: string) => `方块里有原点，z 与 −z 落在同一处；重叠的地方算两次，真实的像是 ${real} 倍。`,
    },
    why: {
      phi: "这里 det J = 2x₁² + x₂。",
      polar: "这里 det J = r，与 θ 无关。",
      square: "这里 det J = 4(x₁² + x₂²)。原点以外，J 是旋转加放大，无穷小的方块变成的还是方块。",
      shear: "映射本身就是线性的，J 处处相同，面积不变。",
      fold: "这里 det J = 2x₂，在 x₂ = 0 处变号。",
    },
    combination: (v: Pair, J: Matrix, sum: Pair) =>
      `vᵀJ = ${short(v[0])} × ${rows(J)[0]} + ${short(v[1]).replace(/^−.*/, "($&)")} × ${rows(J)[1]} = ${pair(sum)}`,
    now: (f: string, p: Pair, s: number, image: Pair, J: Matrix) =>
      `${f}，p = ${pair(p)}，s = ${short(s)}，像是 ${pair(image)}。J 的两行是 ${rows(J).join(" 和 ")}。`,
  },
  en: {
    title: "The Jacobian as a picture",
    how: "Drag the orange point to another place, slide s to shrink the square; v, further down, can be dragged too.",
    hint: "drag me",
    f: "Map",
    names: { phi: "Φ", polar: "polar", square: "z²", shear: "shear", fold: "fold" },
    spoken: { phi: "Phi, x1 squared minus x2, x1 times x2", polar: "polar coordinates", square: "the square of the complex number z", shear: "shear", fold: "fold, x1, x2 squared" },
    input: "Input: a small square of side s",
    output: "Output: true image blue, image under J orange",
    loupe: "The same image, magnified 1/s times",
    facts: "The Jacobian matrix",
    growth: "How much the area grows",
    back: "Output side: drag v",
    row: "Input side: vᵀJ combines the rows",
    side: "Side s of the square",
    point: "Point p in the input plane",
    v: "Vector v on the output side",
    rows: ["row 1", "row 2"],
    flat: "det J = 0",
    promise: "det J",
    truth: "really",
    step: ({ h, promised, real, error, part }) =>
      `For a step h = ${pair(h)}, J promises the output a change of ${pair(promised)}; the change is ${pair(real)}, ` +
      (error === 0 ? "exactly that." : `off by ${short(error)}, which is ${short(100 * part)}% of the step.`),
    kinds: {
      larger: (det, real) => `The parallelogram has ${det} times the area of the square, the true image ${real} times; the smaller the square, the closer they get.`,
      exact: det => `The parallelogram has ${det} times the area of the square, and the true image coincides with it.`,
      turned: (det, real) => `The minus sign says that the figure is turned over. The parallelogram has ${det} times the area of the square, the true image ${real} times; the smaller the square, the closer they get.`,
      line: "The parallelogram is squashed to a segment: to first order, change in one direction has vanished.",
      nothing: "J is all zeros and the parallelogram a single point: to first order nothing moves.",
      folded: real => `The square lies across the line det J = 0, so its image is folded. With what is turned over counted as negative, the true image has ${real} times the area.`,
      twice: real => `The origin is inside the square, and z and −z land on the same point; with the overlap counted twice, the true image has ${real} times the area.`,
    },
    why: {
      phi: "Here det J = 2x₁² + x₂.",
      polar: "Here det J = r, whatever θ is.",
      square: "Here det J = 4(x₁² + x₂²). But for the origin, J is a rotation times a scaling: infinitely small squares stay squares.",
      shear: "The map itself is linear: J is the same everywhere, and areas stay as they are.",
      fold: "Here det J = 2x₂, which changes its sign at x₂ = 0.",
    },
    combination: (v, J, sum) =>
      `vᵀJ = ${short(v[0])} × ${rows(J)[0]} + ${short(v[1]).replace(/^−.*/, "($&)")} × ${rows(J)[1]} = ${pair(sum)}`,
    now: (f, p, s, image, J) =>
      `${f}, p = ${pair(p)}, s = ${short(s)}; the image is ${pair(image)}. The rows of J are ${rows(J).join(" and ")}.`,
  },
})

type Pair2 = readonly [string, string]
