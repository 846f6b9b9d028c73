/* Every word a reader sees or hears, in Chinese and English. An explorable keeps its own in explorables/NAME/messages.ts:

     export const messages = bilingual({
       zh: { title: "…", how: "…", regime: (factor: number) => `每步乘 ${number(factor)}` },
       en: { title: "…", how: "…", regime: (factor: number) => `each step multiplies by ${number(factor)}` },
     })

   The type of `zh` is the type of `en`: a word that one of them lacks, or has too much, does not compile.
   `title` (the picture's name) and `how` (one short instruction: what to touch) are needed by mount.ts. */

export type Words = Record<string, unknown> & { title: string; how: string }
export type Bilingual<W> = { zh: W; en: W }
export type Language = keyof Bilingual<unknown>

/** The same words in both languages. */
export const bilingual = <W>(both: { zh: W; en: NoInfer<W> }): Bilingual<W> => both

/** The language of the page, from <html lang>; anything but Chinese reads English. */
export const language = (): Language => (document.documentElement.lang.toLowerCase().startsWith("zh") ? "zh" : "en")

/** What the controls say in every explorable. */
export const common = bilingual({
  zh: {
    play: "播放",
    pause: "暂停",
    step: "走一步",
    reset: "复位",
    steps: "步数",
    stepOf: (k: number, last: number) => `第 ${k} 步，共 ${last} 步`,
    point: "可以移动的点",
    notANumber: "这里要填一个数",
    outOfRange: (min: string, max: string) => `超出范围，取到 ${min} 与 ${max} 之间`,
  },
  en: {
    play: "Play",
    pause: "Pause",
    step: "Step",
    reset: "Reset",
    steps: "Steps",
    stepOf: (k: number, last: number) => `step ${k} of ${last}`,
    point: "movable point",
    notANumber: "A number is needed here",
    outOfRange: (min: string, max: string) => `Out of range: moved to between ${min} and ${max}`,
  },
})

/** A number for people: `digits` significant ones, a true minus, powers of ten from 10^5 on and below 10^-3. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞"
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) {
    const [mantissa, exponent] = value.toExponential(Math.min(digits, 2) - 1).split("e") as [string, string]
    return signed(`${Number(mantissa)}×10${superscript(Number(exponent))}`)
  }
  return signed(String(Number(value.toPrecision(digits))))
}

/** A power of ten: 10⁻³; 1 and 10 as they are. */
export const power = (exponent: number): string => (exponent === 0 ? "1" : exponent === 1 ? "10" : `10${superscript(exponent)}`)

const signed = (text: string) => text.replace("-", "−")
const superscript = (exponent: number) => String(exponent).replace(/./g, mark => (mark === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(mark)]!))
