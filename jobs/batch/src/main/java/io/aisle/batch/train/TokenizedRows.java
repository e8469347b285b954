package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import io.aisle.training.Examples;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
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

/** Prepared rows as the trainer reads them. Words are counted and texts tokenized on the executors; the results meet on the driver. */
final class TokenizedRows {
    /** Rarer words than these cannot earn a piece of their own in a vocabulary of some ten thousand. */
    private static final int WORDS_COUNTED = 300_000;

    private static final StructType TOKENS = new StructType()
            .add("id", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("tokens", DataTypes.BinaryType);

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
     * Token ids and label indices, in an order that depends on the rows alone. All of them lie in the driver's memory: 4 bytes a
     * token, so that 120,000 rows of 96 tokens take some 50 MB.
     */
    static Examples read(
            Dataset<Row> rows, TextRecipe recipe, Vocabulary vocabulary, int maxTokens, List<String> labels) {
        MapPartitionsFunction<Row, Row> tokenize = partition -> tokenized(partition, recipe, vocabulary, maxTokens);
        Map<String, Integer> indices = new HashMap<>();
        for (String label : labels) {
            indices.put(label, indices.size());
        }
        List<int[]> tokens = new ArrayList<>();
        List<Integer> truths = new ArrayList<>();
        Iterator<Row> ordered = rows.mapPartitions(tokenize, Encoders.row(TOKENS))
                .orderBy(xxhash64(col("id"), lit("order")), col("id"))
                .select("label", "tokens")
                .toLocalIterator();
        while (ordered.hasNext()) {
            Row row = ordered.next();
            truths.add(indices.get(row.getString(0)));
            IntBuffer ids = ByteBuffer.wrap(row.getAs(1)).asIntBuffer();
            int[] copy = new int[ids.remaining()];
            ids.get(copy);
            tokens.add(copy);
        }
        return new Examples(
                tokens.toArray(int[][]::new),
                truths.stream().mapToInt(Integer::intValue).toArray(),
                labels.size());
    }

    private static Iterator<Row> tokenized(
            Iterator<Row> partition, TextRecipe recipe, Vocabulary vocabulary, int maxTokens) {
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return partition.hasNext();
            }

            @Override
            public Row next() {
                Row row = partition.next();
                int[] ids = recipe.fit(ProductRows.product(row), tokenizer, maxTokens)
                        .ids();
                ByteBuffer bytes = ByteBuffer.allocate(ids.length * Integer.BYTES);
                bytes.asIntBuffer().put(ids);
                return RowFactory.create(row.getAs("id"), row.getAs("label"), bytes.array());
            }
        };
    }
}
