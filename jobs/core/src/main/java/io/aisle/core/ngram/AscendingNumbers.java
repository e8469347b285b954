package io.aisle.core.ngram;

/**
 * Numbers from 0 to a bound, put in one by one and taken out in ascending order: a bit each, and a bit for each 64 of them that are not
 * all 0, so that nothing is sorted, and next to nothing is read that is empty.
 */
final class AscendingNumbers {
    private final long[] bits;
    private final long[] used;

    /**
     * Makes an empty set.
     *
     * @param bound greater than any number
     */
    AscendingNumbers(int bound) {
        bits = new long[(bound + Long.SIZE - 1) / Long.SIZE];
        used = new long[(bits.length + Long.SIZE - 1) / Long.SIZE];
    }

    void add(int number) {
        int word = number / Long.SIZE;
        bits[word] |= 1L << number;
        used[word / Long.SIZE] |= 1L << word;
    }

    /** Takes all out, smallest first, into an array that has room for them. */
    void drain(int[] numbers) {
        int count = 0;
        for (int i = 0; i < used.length; i++) {
            for (long words = used[i]; words != 0; words &= words - 1) {
                int word = i * Long.SIZE + Long.numberOfTrailingZeros(words);
                for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                    numbers[count++] = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                }
                bits[word] = 0;
            }
            used[i] = 0;
        }
    }
}
