package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A catalog of Parquet whose texts have as many word pieces as real products have, in the vocabulary of {@link BaseSizeBundle}: each
 * word is one piece. Frequent words are many times as frequent as rare ones, as in any language, some of a product's words are its class's
 * own, and no two texts are the same. The same for the same number of rows, but for the split into files.
 */
final class MadeUpCatalog {
    static final int CLASSES = 40;

    /** The columns of the truth. */
    static final String LABEL = "department,shelf";

    /** To which its texts are cut. */
    static final int MAX_TOKENS = 128;

    private static final long SEED = 19;

    /** Of a text of title and description: [CLS], [SEP] between the two and at the end. */
    private static final int SPECIAL_TOKENS = 3;

    private static final int TITLE_WORDS = 8;
    private static final double OF_CLASS = 0.15;
    private static final int WORDS_OF_CLASS = 60;

    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("title", DataTypes.StringType, false)
            .add("description", DataTypes.StringType, false)
            .add("department", DataTypes.StringType, false)
            .add("shelf", DataTypes.StringType, false);

    private MadeUpCatalog() {}

    /** How a job is told to read one. */
    static List<String> input(Path directory) {
        return List.of("--input", directory.toString(), "--format", "parquet");
    }

    /** Writes so many products. */
    static void write(Path directory, int rows) {
        List<String> words = words();
        List<Row> products = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            products.add(product(row, rows, words));
        }
        LocalSpark.with(session -> {
            session.createDataFrame(products, SCHEMA)
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.ErrorIfExists)
                    .parquet(directory.toString());
            return directory;
        });
    }

    private static Row product(int row, int rows, List<String> words) {
        SplittableRandom random = new SplittableRandom(SEED + row);
        int length = length((row + 0.5) / rows);
        int number = random.nextInt(CLASSES);
        List<String> text = new ArrayList<>();
        // its number, in two words, so that no two texts are the same
        text.add(words.get(row % words.size()));
        text.add(words.get(row / words.size()));
        while (text.size() < length - SPECIAL_TOKENS) {
            text.add(words.get(
                    random.nextDouble() < OF_CLASS
                            ? (number * WORDS_OF_CLASS + random.nextInt(WORDS_OF_CLASS)) % words.size()
                            // as frequent as one to its rank (Zipf)
                            : (int) Math.pow(words.size(), random.nextDouble()) - 1));
        }
        int title = Math.min(TITLE_WORDS, text.size() - 1);
        return RowFactory.create(
                String.format(Locale.ROOT, "P%09d", row),
                String.join(" ", text.subList(0, title)),
                String.join(" ", text.subList(title, text.size())),
                "Department " + number % 7,
                "Shelf " + number);
    }

    /** Word pieces at a share of the products, sorted by length, [CLS] and [SEP] included. */
    static int length(double share) {
        return Math.min(MAX_TOKENS, Quantiles.ofMwpd().at(share));
    }

    /** The pieces that are whole words of two characters or more. */
    private static List<String> words() {
        Vocabulary vocabulary = BaseSizeBundle.vocabulary();
        return vocabulary.pieces().stream()
                .filter(piece -> piece.length() > 1 && !piece.startsWith("[") && !piece.startsWith("##"))
                .toList();
    }
}
