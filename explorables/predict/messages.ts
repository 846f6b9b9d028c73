/* Every word of a prediction. */

import { bilingual } from "../shared/messages.ts"

export const messages = bilingual({
  zh: {
    ask: (k: number, all: number, lines: number) =>
      `预测 ${k}/${all}：这段代码会输出什么？${lines > 1 ? `一共 ${lines} 行。` : ""}`,
    askError: (k: number, all: number) => `预测 ${k}/${all}：这段代码会报什么错？写出异常的类型就行。`,
    check: "检查",
    look: "直接看",
    keys: "Ctrl + Enter 检查",
    yours: "你猜",
    empty: "先写下你的猜测，拿不准也没关系。",
    same: "猜对了，和输出一模一样。",
    alike: "猜对了，只是 Python 的写法如下。",
    close: "很接近了，但还不一样。再试一次，或者直接看。",
    wrong: "还不对。再想一想，或者直接看。",
    parted: (mine: string, real: string) => `第一处不同：你写的是“${mine || "（没有了）"}”，输出是“${real || "（没有了）"}”。`,
    looked: "输出在下面。下一处先猜猜看？",
    count: (all: number, right: number) => `本页 ${all} 处预测，猜中 ${right} 处。`,
    again: "重新来过",
  },
  en: {
    ask: (k: number, all: number, lines: number) =>
      `Prediction ${k} of ${all}: what will this code output?${lines > 1 ? ` There are ${lines} lines.` : ""}`,
    askError: (k: number, all: number) => `Prediction ${k} of ${all}: which error will this code raise? Its type is enough.`,
    check: "Check",
    look: "Just show me",
    keys: "Ctrl + Enter checks",
    yours: "Yours",
    empty: "Write down a guess first; it need not be a sure one.",
    same: "Right, that is exactly the output.",
    alike: "Right, only that Python writes it as follows.",
    close: "Very close, but not the same yet. Try once more, or have a look.",
    wrong: "Not yet. Think again, or have a look.",
    parted: (mine: string, real: string) => `The first difference: you wrote “${mine || "(no more)"}”, the output is “${real || "(no more)"}”.`,
    looked: "Here is the output. Will you guess the next one?",
    count: (all: number, right: number) => `${all} ${all === 1 ? "prediction" : "predictions"} on this page, ${right} guessed right.`,
    again: "Start over",
  },
})
