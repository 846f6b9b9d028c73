/* What goes into the URL: each explorable has one table, explorables/NAME/state.json. It is the only place that names
   its knobs, their ranges and where they start: the types here are derived from it, _ext/explorable.py checks the
   options and phrases of the chapters against it, and nothing reaches a picture without passing `parse`.

     { "eta":  { "start": 0.1, "min": 0.001, "max": 10 },               a number; "whole": true for integers
       "fast": { "start": false },                                       a switch; written true or false
       "f":    { "start": "bowl", "choices": { "bowl": true, ... } } }   one of several

   (`choices` is an object because TypeScript keeps the keys of JSON as types, but not the strings of a list.)
   A state in text is `eta=0.21&f=bowl`; in the hash of the page, each key has its explorable's name before it:
   `#descent-1d.eta=0.21&descent-1d.f=square&other.angle=30`. */

export type Entry =
  | { start: number; min: number; max: number; whole?: boolean }
  | { start: boolean }
  | { start: string; choices: Readonly<Record<string, boolean>> }

export type Table = Readonly<Record<string, Entry>>

/** The state that a table describes: numbers, booleans, and one of the `choices`. */
export type State<T extends Table> = {
  readonly [K in keyof T]: T[K] extends { choices: infer C } ? keyof C & string : Widened<T[K]["start"]>
}

type Widened<V> = V extends number ? number : V extends boolean ? boolean : string

/** The value that `text` means for this entry, numbers moved into their range; undefined where it means none. */
export function parse(entry: Entry, text: string): number | boolean | string | undefined {
  if ("choices" in entry) return Object.hasOwn(entry.choices, text) ? text : undefined
  if (!("min" in entry)) return text === "true" ? true : text === "false" ? false : undefined
  return text.trim() === "" ? undefined : tidy(entry, Number(text))
}

/** A number moved into its range and cut to six digits, so that a link says exactly what is shown; NaN is none. */
function tidy(entry: { min: number; max: number; whole?: boolean }, value: number): number | undefined {
  if (Number.isNaN(value)) return undefined
  const inside = Math.min(entry.max, Math.max(entry.min, value))
  return entry.whole ? Math.round(inside) : Number(inside.toPrecision(6))
}

/** Where everything starts. */
export const initial = <T extends Table>(table: T): State<T> =>
  Object.fromEntries(Object.entries(table).map(([key, entry]) => [key, entry.start])) as State<T>

/** What `texts` says about the keys of the table; what it does not know, or what means nothing, is left out. */
export function fromTexts<T extends Table>(table: T, texts: (key: string) => string | null): Partial<State<T>> {
  const found: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(table)) {
    const text = texts(key)
    const value = text === null ? undefined : parse(entry, text)
    if (value !== undefined) found[key] = value
  }
  return found as Partial<State<T>>
}

/** `change` with every value checked: what is no value of its entry is left out. */
export const checked = <T extends Table>(table: T, change: Partial<State<T>>): Partial<State<T>> =>
  fromTexts(table, key => (change[key] === undefined ? null : String(change[key])))

/** What the hash of the page says about the explorable `name`. */
export function fromHash<T extends Table>(name: string, table: T, hash: string): Partial<State<T>> {
  const texts = new URLSearchParams(hash.replace(/^#/, ""))
  return fromTexts(table, key => texts.get(`${name}.${key}`))
}

/** The hash with the state of `name` put in; the other explorables keep theirs, and an anchor gives way. */
export function intoHash<T extends Table>(name: string, state: State<T>, hash: string): string {
  const parts = hash.replace(/^#/, "").split("&").filter(part => part.includes("=") && !part.startsWith(`${name}.`))
  const own = Object.entries(state).map(([key, value]) => `${name}.${key}=${encodeURIComponent(String(value))}`)
  return "#" + [...parts, ...own].join("&")
}
