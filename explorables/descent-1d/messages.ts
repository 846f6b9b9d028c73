/* The words of "Learning rate on a line". */

import { bilingual, number } from "../shared/messages.ts"

/** What the reader is told about one step: from x to `to`, promised and real change of f. */
export interface StepFacts { k: number; x: number; to: number; promised: number; real: number }

export const messages = bilingual({
  zh: {
    title: "一条线上的学习率",
    how: "拖动橙点换起点，滑动 η 换学习率；40 步总是一次算完。",
    hint: "拖我",
    f: "函数",
    functions: { square: "x 的平方", quartic: "四分之一 x 的四次方", valleys: "x 的四次方减三 x 平方加 x，两个谷", absolute: "x 的绝对值" },
    start: "起点 x₀",
    eta: "学习率 η",
    curve: "f 的曲线，轨迹画在上面",
    losses: "每一步的损失，对数刻度",
    pictures: "五种学习率",
    promise: "切线许诺",
    truth: "实际",
    regimes: {
      slow: "太慢", monotone: "单调收敛", swinging: "摆动收敛", cycling: "来回不停", chaotic: "混沌", divergent: "发散",
    },
    short: { slow: "太慢", monotone: "单调", swinging: "摆动", cycling: "来回", chaotic: "混沌", divergent: "发散" },
    marks: {
      whole: "1/L，一步到位，最快",
      limit: "2/L，从这里起不再收敛",
      valley: "谷底的 2/f″，过了它就留不住",
    },
    ended: (k: number) => `第 ${k} 步的值装不下了，轨迹到此为止。`,
    why: {
      slow: (left: number) => `40 步之后还剩 ${number(left * 100, 2)}% 的路没降完：步子太小。`,
      factor: (factor: number, grows: string) => `每一步误差都乘 1 − ηL = ${number(factor)}，${grows}`,
      shrinksSame: "绝对值小于 1 而且为正：从同一侧走近。",
      shrinksOver: "绝对值小于 1 却为负：每步换边，越摆越近。",
      atOnce: "一步就到最低点。",
      keeps: "绝对值恰好是 1：永远在两点之间来回。",
      grows: "绝对值大于 1：每步换边，越摆越远。",
      monotone: "每一步都朝同一边走，越靠近谷底坡越缓，步子自己变小。",
      swinging: "步子跨过了谷底，好在每次跨过去都离它更近。",
      cycling: (period: number) => `停不下来：步子总是跨过头，最后在 ${period} 个点之间循环。`,
      hopping: "坡度总是 ±1，所以步长总是 η：跨过尖底，又跨回来，在最低点两侧跳个不停。",
      chaotic: "既不停下，也不循环：起点差一点，后面就全不一样；换一台机器，甚至最后一位的舍入都会让轨迹分道扬镳。",
      divergent: "落到更陡的坡上，下一步就更大：越走越远。",
    },
    step: ({ k, x, to, promised, real }: StepFacts) =>
      `第 ${k + 1} 步从 ${number(x)} 到 ${number(to)}：切线许诺 f 变化 ${number(promised)}，实际变化 ${number(real)}。`,
    there: "已经站在驻点上，坡度是 0，不会再动。",
    last: "轨迹到头了。",
    now: (f: string, x: number, eta: number) => `${f}，起点 ${number(x)}，学习率 ${number(eta)}。`,
  },
  en: {
    title: "The learning rate on a line",
    how: "Drag the orange point to change the start, slide η to change the rate; all 40 steps are computed at once.",
    hint: "drag me",
    f: "Function",
    functions: { square: "x squared", quartic: "a quarter of x to the fourth", valleys: "x to the fourth minus three x squared plus x, two valleys", absolute: "absolute value of x" },
    start: "Start x₀",
    eta: "Learning rate η",
    curve: "The curve of f with the trajectory on it",
    losses: "The loss after each step, on a logarithmic scale",
    pictures: "Five learning rates",
    promise: "the tangent's promise",
    truth: "what happened",
    regimes: {
      slow: "too slow", monotone: "monotone", swinging: "swinging", cycling: "never settling", chaotic: "chaotic", divergent: "divergent",
    },
    short: { slow: "slow", monotone: "one way", swinging: "swings", cycling: "cycles", chaotic: "chaos", divergent: "diverges" },
    marks: {
      whole: "1/L, there in one step, the best rate",
      limit: "2/L, no convergence from here on",
      valley: "2/f″ at the bottom of a valley, which cannot hold the walk beyond",
    },
    ended: (k: number) => `The value of step ${k} is too large for a number; the walk ends there.`,
    why: {
      slow: (left: number) => `After 40 steps ${number(left * 100, 2)}% of the way down is left: the steps are too small.`,
      factor: (factor: number, grows: string) => `Every step multiplies the error by 1 − ηL = ${number(factor)}, ${grows}`,
      shrinksSame: "smaller than 1 and positive: it comes nearer on one side.",
      shrinksOver: "smaller than 1 in size, but negative: it changes sides and still comes nearer.",
      atOnce: "so one step reaches the minimum.",
      keeps: "exactly 1 in size: it goes to and fro between two points for ever.",
      grows: "larger than 1 in size: it changes sides and goes further each time.",
      monotone: "Each step goes the same way; the slope becomes gentler towards the bottom, so the steps shrink by themselves.",
      swinging: "The steps pass over the bottom, but each time they land nearer to it.",
      cycling: (period: number) => `It never stops: the steps keep going too far and end in a cycle of ${period} points.`,
      hopping: "The slope is always ±1, so every step is η long: over the kink and back again, on both sides of the minimum for ever.",
      chaotic: "It neither stops nor repeats: a slightly different start, or another machine's rounding of the last digit, ends up somewhere else.",
      divergent: "It lands where the slope is steeper, so the next step is larger still.",
    },
    step: ({ k, x, to, promised, real }: StepFacts) =>
      `Step ${k + 1} goes from ${number(x)} to ${number(to)}: the tangent promised f to change by ${number(promised)}, it changed by ${number(real)}.`,
    there: "It stands on a stationary point: the slope is 0, nothing moves any more.",
    last: "The walk is at its end.",
    now: (f: string, x: number, eta: number) => `${f}, start ${number(x)}, learning rate ${number(eta)}.`,
  },
})
