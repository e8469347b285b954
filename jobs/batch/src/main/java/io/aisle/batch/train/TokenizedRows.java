package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Scoring;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import io.aisle.training.Examples;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Prepared rows as the trainer reads them. Words are counted and texts tokenized on the executors. */
final class TokenizedRows {
    /** Rarer words than these cannot earn a piece of their own in a vocabulary of some ten thousand. */
    private static final int WORDS_COUNTED = 300_000;

    /** tokens are int32, teacher float32 (empty without one), both big-endian. */
    private static final StructType SCHEMA = new StructType()
            .add("split", DataTypes.StringType)
            .add("id", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add("tokens", DataTypes.BinaryType)
            .add("teacher", DataTypes.BinaryType);

    private TokenizedRows() {}

    /** How often each word occurs in the recipe's fields; the 300,000 most frequent. One shuffle by word. */
    static Map<String, Long> wordCounts(Dataset<Row> rows, TextRecipe recipe) {
        List<ProductField> fields =
                recipe.fields().stream().map(budget -> budget.field()).toList();
        FlatMapFunction<Row, String> words = row -> {
            Product product = ProductRows.product(row);
            List<String> all = new ArrayList<>();
            for (ProductField field : fields) {
                all.addAll(BasicTokenizer.words(product.field(field)));
            }
            return all.iterator();
        };
        Map<String, Long> counts = new HashMap<>();
        for (Row row : rows.flatMap(words, Encoders.STRING())
                .toDF("word")
                .groupBy("word")
                .count()
                .orderBy(desc("count"), col("word"))
                .limit(WORDS_COUNTED)
                .collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    /**
     * Tokenizes rows of a split where they lie.
     *
     * @param labels in the order of the network's outputs; a row whose label is null has none
     * @param teacherOrder for each label, its place among the probabilities of a column that a teacher added; empty without a teacher
     */
    static Dataset<Row> of(
            Dataset<Row> rows,
            Split split,
            TextRecipe recipe,
            Vocabulary vocabulary,
            int maxTokens,
            List<String> labels,
            int[] teacherOrder) {
        Map<String, Integer> indices = new HashMap<>();
        for (String label : labels) {
            indices.put(label, indices.size());
        }
        MapPartitionsFunction<Row, Row> tokenize = partition -> {
            WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
            return Iterators.map(partition, row -> {
                int[] ids = recipe.fit(ProductRows.product(row), tokenizer, maxTokens)
                        .ids();
                String label = row.getAs("label");
                return RowFactory.create(
                        split.key(),
                        row.getAs("id"),
                        label == null ? Examples.UNLABELLED : indices.get(label),
                        bytes(ids),
                        teacherOrder.length == 0 ? new byte[0] : logBytes(Scoring.probabilities(row), teacherOrder));
            });
        };
        return rows.mapPartitions(tokenize, Encoders.row(SCHEMA));
    }

    /** All rows in one partition, in an order that depends on the rows alone. One shuffle. */
    static Dataset<Row> inOnePartition(Dataset<Row> tokenized) {
        return tokenized
                .repartition(1)
                .sortWithinPartitions(xxhash64(col("id"), lit("order")), col("id"), col("split"), col("label"));
    }

    static int[] tokens(Row row) {
        IntBuffer ids = ByteBuffer.wrap(row.getAs("tokens")).asIntBuffer();
        int[] copy = new int[ids.remaining()];
        ids.get(copy);
        return copy;
    }

    static float[] teacher(Row row) {
        FloatBuffer values = ByteBuffer.wrap(row.getAs("teacher")).asFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return copy;
    }

    private static byte[] bytes(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.length * Integer.BYTES);
        bytes.asIntBuffer().put(ids);
        return bytes.array();
    }

    private static byte[] logBytes(float[] probabilities, int[] order) {
        ByteBuffer bytes = ByteBuffer.allocate(order.length * Float.BYTES);
        for (int place : order) {
            // a probability that float32 cannot hold is not that of an impossible class
            bytes.putFloat((float) Math.log(Math.max(probabilities[place], Float.MIN_NORMAL)));
        }
        return bytes.array();
    }
}
