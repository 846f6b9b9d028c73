/* The dice of the walk: from a seed, which samples are drawn. No DOM here. */

/** mulberry32 (Tommy Ettinger, 2017, public domain): 32 random bits a call, the same for a seed in every browser. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
}

/** `count` samples out of 0 ... n - 1, each drawn anew from all of them: with replacement. */
export function draws(seed: number, count: number, n: number): number[] {
  const next = mulberry32(seed)
  return Array.from({ length: count }, () => Math.floor(next() / 2 ** 32 * n))
}
