package io.aisle.batch.sparknlp;

/**
 * Token ids as a text of words, one word an id, which is what Spark NLP is given instead of the product's text.
 *
 * <p>Spark NLP's own word-piece step keeps only the first piece of a word such as "wi-fi" and has no word for [SEP]. A
 * word of this class is in its vocabulary as a whole, with its id, and consists of letters and digits alone, so that no
 * step of Spark NLP can split, change or drop it.
 */
public final class TokenWords {
    private static final String PREFIX = "aisle";
    private static final String SEPARATOR = " ";

    private TokenWords() {}

    /**
     * The words of the ids between the first and the last, which are [CLS] and [SEP]: Spark NLP adds these itself.
     *
     * @param ids word-piece ids, [CLS] first and [SEP] last
     * @return words separated by one space; empty where nothing stands between [CLS] and [SEP]
     * @throws IllegalArgumentException if an end is missing, or for id 0 in between: Spark NLP masks it as padding
     */
    public static String of(int[] ids) {
        if (ids.length < 2) {
            throw new IllegalArgumentException("Cannot write token words: found " + ids.length
                    + " ids, expected at least the 2 of [CLS] and [SEP]");
        }
        StringBuilder words = new StringBuilder();
        for (int i = 1; i < ids.length - 1; i++) {
            if (ids[i] <= SparkNlpPipeline.PADDING_ID) {
                throw new IllegalArgumentException("Cannot write token words: found id " + ids[i] + " at position " + i
                        + ", expected ids above " + SparkNlpPipeline.PADDING_ID + ", which is padding");
            }
            if (i > 1) {
                words.append(SEPARATOR);
            }
            words.append(word(ids[i]));
        }
        return words.toString();
    }

    /** The word that stands for one id. */
    static String word(int id) {
        return PREFIX + id;
    }
}
