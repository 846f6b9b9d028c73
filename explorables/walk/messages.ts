/* The words of "The drunkard's walk". */

import { bilingual, number } from "../shared/messages.ts"

/** What the reader is told about the step that comes next. */
export interface StepFacts { who: string; t: number; names: readonly string[]; b: number; inner: number; from: number; to: number | null }

export interface NebulaFacts { name: string; x: number; y: number; above: number; uphill: boolean }

const pair = ([a, b]: readonly [number, number]) => `(${number(a)}, ${number(b)})`

/** A height that is zero but for rounding is said to be zero. */
const small = (value: number) => (Math.abs(value) < 1e-12 ? "0" : number(value))

export const messages = bilingual({
  zh: {
    title: "醉汉下山",
    how: "拖动等高线上的橙点，或者直线的两个把手，换一个起点；也试试 η、b 和种子。每条路都花 9600 个样本梯度，总是一次算完。",
    hint: "拖我",
    plane: "损失的等高线，横轴斜率，纵轴截距，三条轨迹画在上面",
    data: "24 个星云，起点的直线，所选轨迹此刻的直线和最小二乘直线",
    heights: "比最低点高出的损失，对已经算过的样本梯度个数，两轴都是对数；虚线是所有轨迹的精确平均",
    cloud: "此刻 24 个样本梯度和它们的平均，坐标是梯度的两个分量",
    start: "起点",
    levers: { w2: "起点的直线：截距", w1: "起点的直线：斜率" },
    lever: (w: readonly [number, number], high: number) => `斜率 ${number(w[0])}，截距 ${number(w[1])}，高出 ${number(high)}`,
    eta: "学习率 η",
    b: "批量大小 b",
    decay: "学习率递减：ηₜ = 60η/(60 + t)",
    seed: "种子",
    another: "换一个种子",
    spent: (e: number) => `已算 ${e} 个样本梯度`,
    who: { gd: "梯度下降", sgd: "SGD", batch: "小批量" },
    follow: "跟着谁",
    price: (b: number) => `每步 ${b} 个`,
    facts: { steps: "步数", now: "高出", tail: "尾段实测", floor: "精确地板", mean: "尾段期望", rough: "η tr C/(4b)" },
    small,
    uphill: (count: number, n: number) => `${n} 个样本梯度里，${count} 个会推向上坡。`,
    single: ({ t, names, inner, from, to }: StepFacts) =>
      `SGD 的第 ${t} 步抽到 ${names[0]!}。落在橙色虚线上的直线都穿过它，所以这一步垂直奔向虚线。${inner < 0 ? "可惜它的梯度与 ∇f 的内积为负，是上坡" : "它的梯度与 ∇f 的内积为正，方向是下坡"}：高出的损失从 ${small(from)} ${to === null ? "变得超出了浮点数的范围" : `变到 ${small(to)}`}。`,
    several: ({ t, names, b, inner, from, to }: StepFacts) =>
      `小批量的第 ${t} 步抽到 ${names.slice(0, 3).join("、")}${b > 3 ? ` 等 ${b} 个` : ""}，取它们的平均。${inner < 0 ? "平均值仍然推向上坡" : "平均值指向下坡"}：高出的损失从 ${small(from)} ${to === null ? "变得超出了浮点数的范围" : `变到 ${small(to)}`}。`,
    whole: ({ t, from, to }: StepFacts, ready: number, n: number) =>
      `梯度下降的第 ${t} 步要 ${n} 个梯度，${ready ? `才算了 ${ready} 个，还不能动` : "一个也不能少"}。走完这一步，高出的损失从 ${small(from)} ${to === null ? "变得超出了浮点数的范围" : `变到 ${small(to)}`}。`,
    over: "预算用完了。",
    nebula: ({ name, x, y, above, uphill }: NebulaFacts) =>
      `${name}：x = ${number(x)}，y = ${number(y)}，在此刻的直线${above < 0 ? "下方" : "上方"} ${number(Math.abs(above))}。它的梯度${uphill ? "会推向上坡" : "指向下坡"}。`,
    regimes: {
      converges: "收敛", cycles: "来回不停", diverges: "发散", ball: "停在噪声球里", under: "还在路上", wild: "平均爆炸", settles: "越走越近", tires: "力气不够",
    },
    why: {
      converges: (eta: number, limit: number) => `η = ${number(eta)} 小于 2/L = ${number(limit)}，全部梯度的平均没有噪声，一路走到最低点。`,
      cycles: "η 正好是 2/L：陡的方向上永远在两点之间来回。",
      diverges: (eta: number, limit: number) => `η = ${number(eta)} 超过 2/L = ${number(limit)}：陡的方向每步换边，越摆越远。`,
      away: (eta: number, limit: number) => `η = ${number(eta)} 超过 2/L = ${number(limit)}：不但忽大忽小，连所有轨迹的平均位置也越摆越远。`,
      ball: (measured: number, floor: number) => `尾段（后 4800 个样本梯度）平均高出 ${small(measured)}，精确解是 ${small(floor)}，实测是它的 ${number(measured / floor, 2)} 倍。一条轨迹有涨落，换个种子看看。`,
      under: (mean: number, floor: number) => `步子太小，预算用完还没走到：尾段的期望是 ${small(mean)}，地板在 ${small(floor)}。`,
      wild: (eta: number, limit: number, radius: number) => `η = ${number(eta)} 超过这个批量的门槛 ${number(limit)}：所有轨迹的平均高出量最终每步乘 ${number(radius, 4)}，没有上限。眼前这一条也许看上去没事，那只是运气。`,
      settles: (measured: number, mean: number) => `没有地板，高出量大约按 1/t 缩小。尾段平均高出 ${small(measured)}，期望 ${small(mean)}。`,
      tires: (product: number, measured: number, mean: number) => `ηₜ 约为 a/t，a = 60η，而 aμ = ${number(product)} 不到 1/2：会收敛，但比 1/t 慢。尾段平均高出 ${small(measured)}，期望 ${small(mean)}。`,
      calms: (t: number) => `开头的 η 超过门槛，到第 ${t} 步才降到门槛以下。`,
      slows: "没有噪声要压，减小 η 只会让它变慢。",
    },
    ended: (t: number) => `第 ${t} 步的值超出了浮点数的范围，这条轨迹到此为止。`,
    marks: {
      safe: "2/Lₘₐₓ：不超过它，任何一个样本都不会把误差放大",
      whole: "1/L：到这里为止，梯度下降各个方向都单调",
      own: (b: number) => `批量 ${b} 的门槛：从这里起，平均高出量没有上限`,
      limit: "2/L：从这里起，梯度下降也不收敛",
    },
    at: (w: readonly [number, number]) => `起点 ${pair(w)}`,
    state: (start: string, eta: number, decay: boolean, b: number, seed: number, spent: string) =>
      `${start}，学习率 ${number(eta)}${decay ? "，递减" : ""}，批量 ${b}，种子 ${seed}，${spent}。`,
    after: "：",
    gap: "",
  },
  en: {
    title: "The drunkard's walk",
    how: "Drag the orange point on the contours, or either grip of the line, to change the start; try η, b and the seed as well. Each walk spends 9600 sample gradients, all computed at once.",
    hint: "drag me",
    plane: "The contours of the loss over slope and intercept, with the three walks on them",
    data: "The 24 nebulae, the line of the start, the line of the chosen walk at this moment, and the least-squares line",
    heights: "The loss above the minimum against the sample gradients computed, both on logarithmic scales; dashed, the exact average over all walks",
    cloud: "The 24 sample gradients at this moment and their mean; the coordinates are the two components",
    start: "Start",
    levers: { w2: "Line of the start: intercept", w1: "Line of the start: slope" },
    lever: (w: readonly [number, number], high: number) => `slope ${number(w[0])}, intercept ${number(w[1])}, excess loss ${number(high)}`,
    eta: "Learning rate η",
    b: "Batch size b",
    decay: "Decaying rate: ηₜ = 60η/(60 + t)",
    seed: "Seed",
    another: "Another seed",
    spent: (e: number) => `${e} sample gradient${e === 1 ? "" : "s"} computed`,
    who: { gd: "Gradient descent", sgd: "SGD", batch: "Mini-batch" },
    follow: "Whom to follow",
    price: (b: number) => `${b} a step`,
    facts: { steps: "Steps", now: "Excess loss", tail: "Tail, measured", floor: "Floor, exact", mean: "Tail, expected", rough: "η tr C/(4b)" },
    small,
    uphill: (count: number, n: number) => `${count} of the ${n} sample gradients would push uphill.`,
    single: ({ t, names, inner, from, to }: StepFacts) =>
      `Step ${t} of SGD draws ${names[0]!}. Every line on the orange dashes passes through it, so the step heads straight for them. ${inner < 0 ? "Alas, the inner product of its gradient with ∇f is negative, which is uphill" : "The inner product of its gradient with ∇f is positive, which is downhill"}: the excess loss goes from ${small(from)} ${to === null ? "to what no number can hold" : `to ${small(to)}`}.`,
    several: ({ t, names, b, inner, from, to }: StepFacts) =>
      `Step ${t} of mini-batch draws ${names.slice(0, 3).join(", ")}${b > 3 ? ` and so on, ${b} in all,` : ""} and takes the mean. ${inner < 0 ? "Even the mean pushes uphill" : "The mean points downhill"}: the excess loss goes from ${small(from)} ${to === null ? "to what no number can hold" : `to ${small(to)}`}.`,
    whole: ({ t, from, to }: StepFacts, ready: number, n: number) =>
      `Step ${t} of gradient descent takes ${n} gradients, ${ready ? `and only ${ready} have been computed: it cannot move yet` : "not one fewer"}. The step will bring the excess loss from ${small(from)} ${to === null ? "to what no number can hold" : `to ${small(to)}`}.`,
    over: "The budget is spent.",
    nebula: ({ name, x, y, above, uphill }: NebulaFacts) =>
      `${name}: x = ${number(x)}, y = ${number(y)}, ${number(Math.abs(above))} ${above < 0 ? "below" : "above"} the present line. Its gradient ${uphill ? "would push uphill" : "points downhill"}.`,
    regimes: {
      converges: "Converges", cycles: "Never settles", diverges: "Diverges", ball: "Held in the noise ball", under: "Still on its way", wild: "Explodes on average", settles: "Ever nearer", tires: "Out of breath",
    },
    why: {
      converges: (eta: number, limit: number) => `η = ${number(eta)} is below 2/L = ${number(limit)}, and the mean of all gradients has no noise: it goes all the way to the minimum.`,
      cycles: "η is exactly 2/L: along the steep direction it hops to and fro between two points for ever.",
      diverges: (eta: number, limit: number) => `η = ${number(eta)} is beyond 2/L = ${number(limit)}: along the steep direction it changes sides and swings further at each step.`,
      away: (eta: number, limit: number) => `η = ${number(eta)} is beyond 2/L = ${number(limit)}: not only does it scatter, even the mean position over all walks swings further at each step.`,
      ball: (measured: number, floor: number) => `Over the tail, the last 4800 sample gradients, the mean excess loss is ${small(measured)}; the exact solution is ${small(floor)}, so it measures ${number(measured / floor, 2)} times that. A single walk fluctuates: try another seed.`,
      under: (mean: number, floor: number) => `The steps are so small that the budget runs out on the way: the tail is expected at ${small(mean)}, and the floor lies at ${small(floor)}.`,
      wild: (eta: number, limit: number, radius: number) => `η = ${number(eta)} is beyond ${number(limit)}, the limit for this batch size: the mean excess loss over all walks is in the long run multiplied by ${number(radius, 4)} at each step, without bound. The walk you see may look fine; that is luck.`,
      settles: (measured: number, mean: number) => `There is no floor: the excess loss shrinks about as 1/t. Over the tail its mean is ${small(measured)}, expected ${small(mean)}.`,
      tires: (product: number, measured: number, mean: number) => `ηₜ is about a/t with a = 60η, and aμ = ${number(product)} is not above 1/2: it converges, but more slowly than 1/t. Over the tail the mean excess loss is ${small(measured)}, expected ${small(mean)}.`,
      calms: (t: number) => `At first η is beyond the limit; it falls below at step ${t}.`,
      slows: "There is no noise to quell, so a smaller η only makes it slower.",
    },
    ended: (t: number) => `The value of step ${t} is too large for a number; this walk ends there.`,
    marks: {
      safe: "2/Lₘₐₓ: up to here no single sample enlarges the error",
      whole: "1/L: up to here gradient descent is monotone in every direction",
      own: (b: number) => `The limit for batch size ${b}: from here on the mean excess loss has no bound`,
      limit: "2/L: from here on gradient descent does not converge either",
    },
    at: (w: readonly [number, number]) => `Start ${pair(w)}`,
    state: (start: string, eta: number, decay: boolean, b: number, seed: number, spent: string) =>
      `${start}, learning rate ${number(eta)}${decay ? ", decaying" : ""}, batch size ${b}, seed ${seed}, ${spent}.`,
    after: ". ",
    gap: " ",
  },
})
