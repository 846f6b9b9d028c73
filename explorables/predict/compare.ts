/* What a guess is worth. Knows no DOM. */

/** `same`: to the letter, but for white space; `alike`: the same values, written in another way; `close`: each number
    within 10 %. */
export type Verdict = "same" | "alike" | "close" | "wrong"

/** A part of a text: [from, to). */
export type Part = [number, number]

/** Hold a guess against the output; of an exception (`raised`), whose words nobody knows by heart, the type will do. */
export function compare(guess: string, truth: string, raised: boolean): Verdict {
  if (spaced(guess) === spaced(truth)) return "same"
  if (raised) return spaced(guess) === /^[\w.]*(Error|Exception)\b/m.exec(truth)?.[0] ? "alike" : "wrong"
  const [given, wanted] = [values(guess), values(truth)]
  const all = (agree: (a: Value, b: Value) => boolean) => given.length === wanted.length && given.every((value, i) => agree(value, wanted[i]!))
  return all((a, b) => a.is === b.is) ? "alike" : all(near) ? "close" : "wrong"
}

/** The first value that differs, in the guess and in the output; empty, at the end, where there is none. */
export function parting(guess: string, truth: string): [Part, Part] {
  const [given, wanted] = [values(guess), values(truth)]
  let k = 0
  while (k < given.length && given[k]!.is === wanted[k]?.is) k++
  return [given[k]?.part ?? [guess.length, guess.length], wanted[k]?.part ?? [truth.length, truth.length]]
}

/** What an input method may have written, as Python writes it. */
export const ascii = (text: string): string => text.normalize("NFKC").replace(/−/g, "-").trim()

const spaced = (text: string) => addressless(text).replace(/\s+/g, " ").replace(/ ?([,()[\]{}]) ?/g, "$1").trim()
const addressless = (text: string) => text.replace(/\b0x[\da-f.]*/gi, "0x...")

interface Value { is: string | number; part: Part }

/** The values in a text, without the way in which Python writes them: `tensor([4., 4.])` is 4 and 4. */
const values = (text: string): Value[] =>
  [...text.matchAll(/tensor(?=\()|torch\.Size|([^\s,()[\]'"]+)/g)].filter(found => found[1]).map(({ 0: word, index }) => ({
    is: /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) + 0 : addressless(word),
    part: [index, index + word.length],
  }))

const near = ({ is: a }: Value, { is: b }: Value) =>
  a === b || (typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 0.1 * Math.abs(b))
