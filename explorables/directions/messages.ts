/* The words of "Every direction at once". */

import type { Pair } from "../shared/functions.ts"
import { bilingual, number } from "../shared/messages.ts"

/** Four digits; what is only rounding is 0, as the cosine of 90 degrees. */
export const n = (value: number) => number(Math.abs(value) < 1e-9 ? 0 : value, 4)

export const pair = (x: Pair) => `(${n(x[0])}, ${n(x[1])})`

export const messages = bilingual({
  zh: {
    title: "一眼看遍所有方向",
    how: "拖动橙点换位置；转动 u：拨箭头的尖，或者沿着余弦曲线拖。",
    hint: "转我",
    f: "函数",
    names: { bowl: "x₁² + 2x₂²", saddle: "鞍点", himmelblau: "Himmelblau", psi: "ψ" },
    plane: "f 的等高线、过这一点的等高线和它的切线，以及方向 u",
    curve: "方向导数随 u 与梯度的夹角 θ 的变化，小黑点是 16 个方向上的差商",
    cut: "从这一点沿 u 走，f 的变化：虚线是切平面许诺的，黑点是实际的",
    point: "点 x",
    u: "方向 u",
    theta: "夹角 θ",
    h: "差商的 h",
    marks: ["最陡上坡", "沿等高线", "最陡下坡", "沿等高线"],
    toStill: "站到驻点上",
    toKink: "站到原点上",
    kinds: {
      still: ["驻点。", "∇f = 0，每个方向的变化率都是 0：朝哪边看都是平的，没有哪个更陡。"],
      up: (slope: number, norm: number) => ["上坡。", `沿 u 的变化率是 ${n(slope)}。最小的是绿圈处的 −‖∇f‖ = ${n(-norm)}。`],
      down: (slope: number, norm: number) => ["下坡。", `沿 u 的变化率是 ${n(slope)}。最小的是绿圈处的 −‖∇f‖ = ${n(-norm)}。`],
      steepestUp: (norm: number) => ["最陡的上坡。", `u = ∇f/‖∇f‖，变化率 ‖∇f‖ = ${n(norm)} 是所有单位向量里最大的。`],
      steepestDown: (norm: number) => ["最陡的下坡。", `u = −∇f/‖∇f‖，变化率 −‖∇f‖ = ${n(-norm)} 是所有单位向量里最小的（按欧几里得长度）。`],
      level: ["不升不降。", "u 与梯度垂直，落在等高线的切线上，变化率是 0。"],
      kink: (dot: number, slope: number) => ["这里不可微。", `点积说 ${n(dot)}（红虚线），差商却不论 h 多小都是 u₁³ = ${n(slope)}：方向导数不是余弦。`],
    },
    step: (kink: boolean, h: number, promised: number, real: number) =>
      `沿 u 走 h = ${number(h)}：${kink ? "点积" : "切平面"}许诺 f 变化 ${n(promised)}，实际变化 ${n(real)}。`,
    now: (f: string, x: Pair, g: Pair, u: Pair) => `${f}，x = ${pair(x)}，∇f = ${pair(g)}，u = ${pair(u)}。`,
    gap: "",
  },
  en: {
    title: "Every direction at once",
    how: "Drag the orange point to move. Turn u by the tip of its arrow, or along the cosine curve.",
    hint: "turn me",
    f: "Function",
    names: { bowl: "x₁² + 2x₂²", saddle: "Saddle", himmelblau: "Himmelblau", psi: "ψ" },
    plane: "The contours of f, the level line through the point with its tangent, and the direction u",
    curve: "The directional derivative against the angle θ from the gradient to u; the small black dots are difference quotients in 16 directions",
    cut: "How f changes along u from this point: the dashed line is what the tangent plane promises, the black dot is what happens",
    point: "Point x",
    u: "Direction u",
    theta: "Angle θ",
    h: "h of the difference quotient",
    marks: ["steepest up", "level", "steepest down", "level"],
    toStill: "Stand where ∇f = 0",
    toKink: "Stand on the origin",
    kinds: {
      still: ["A stationary point.", "∇f = 0, so the slope is 0 in every direction: whichever way you face it is flat, and no direction is steeper than another."],
      up: (slope: number, norm: number) => ["Uphill.", `The slope along u is ${n(slope)}. The smallest is −‖∇f‖ = ${n(-norm)}, at the green ring.`],
      down: (slope: number, norm: number) => ["Downhill.", `The slope along u is ${n(slope)}. The smallest is −‖∇f‖ = ${n(-norm)}, at the green ring.`],
      steepestUp: (norm: number) => ["Steepest uphill.", `u = ∇f/‖∇f‖; no unit vector has a larger slope than ‖∇f‖ = ${n(norm)}.`],
      steepestDown: (norm: number) => ["Steepest downhill.", `u = −∇f/‖∇f‖; no unit vector (in Euclidean length) has a smaller slope than −‖∇f‖ = ${n(-norm)}.`],
      level: ["Neither up nor down.", "u is perpendicular to the gradient, along the tangent of the level line, and the slope is 0."],
      kink: (dot: number, slope: number) => ["Not differentiable here.", `The dot product says ${n(dot)} (dashed red), but the quotient is u₁³ = ${n(slope)} however small h is: the slopes are no cosine.`],
    },
    step: (kink: boolean, h: number, promised: number, real: number) =>
      `A step of h = ${number(h)} along u: the ${kink ? "dot product" : "tangent plane"} promised f to change by ${n(promised)}, it changed by ${n(real)}.`,
    now: (f: string, x: Pair, g: Pair, u: Pair) => `${f}, x = ${pair(x)}, ∇f = ${pair(g)}, u = ${pair(u)}.`,
    gap: " ",
  },
})
