package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Products of one group are copies of each other, as far as their titles tell: no two parts of a split may share one. */
public final class ProductGroup {
    private ProductGroup() {}

    /** The group of a product: its title in lower case, words only; without words there, the hash of all its fields. */
    public static String of(String cleanedTitle, String contentHash) {
        String title = cleanedTitle.toLowerCase(Locale.ROOT);
        StringBuilder words = new StringBuilder(title.length());
        boolean isInWord = false;
        for (int i = 0; i < title.length(); ) {
            int character = title.codePointAt(i);
            i += Character.charCount(character);
            boolean isOfWord = isOfWord(character);
            if (isOfWord && !isInWord && !words.isEmpty()) {
                words.append(' ');
            }
            if (isOfWord) {
                words.appendCodePoint(character);
            }
            isInWord = isOfWord;
        }
        return words.isEmpty() ? contentHash : words.toString();
    }

    /** The group of each row with the columns title and content_hash; null where there is no title. */
    public static Column column() {
        // Spark may evaluate it for rows that a filter beside it leaves out, such as records in quarantine
        UDF2<String, String, String> group = (title, contentHash) -> title == null ? null : of(title, contentHash);
        return udf(group, DataTypes.StringType).apply(col("title"), col("content_hash"));
    }

    private static boolean isOfWord(int character) {
        return Character.isLetterOrDigit(character)
                || Character.getType(character) == Character.LETTER_NUMBER
                || Character.getType(character) == Character.OTHER_NUMBER;
    }
}
