package io.aisle.batch.explore;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.ProductWords;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.FieldPieces;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The second look: how long texts are in word pieces, what a limit of tokens cuts, and which words stand in which class. */
final class TextMeasures implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The limits that encoders are usually trained with, in tokens. */
    static final List<Integer> LIMITS = List.of(64, 128, 256, 512);

    final Map<ProductField, WholeCounts> pieces = new EnumMap<>(ProductField.class);
    final WholeCounts tokens = new WholeCounts();
    final ClassWords classWords;
    private final Map<Integer, Cut> cuts = new HashMap<>();

    /** What a limit does: rows that lose a piece, rows that lose one of a field, and pieces lost. */
    static final class Cut implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Map<ProductField, Long> fieldRows = new EnumMap<>(ProductField.class);
        private long rows;
        private long piecesLost;

        private void add(FieldPieces text, int limit) {
            if (text.tokens() <= limit) {
                return;
            }
            rows++;
            int[] kept = text.kept(limit);
            for (int i = 0; i < kept.length; i++) {
                if (kept[i] < text.pieces(i)) {
                    fieldRows.merge(text.fields().get(i).field(), 1L, Long::sum);
                    piecesLost += text.pieces(i) - kept[i];
                }
            }
        }

        private void merge(Cut that) {
            rows += that.rows;
            piecesLost += that.piecesLost;
            that.fieldRows.forEach((field, count) -> fieldRows.merge(field, count, Long::sum));
        }

        long rows() {
            return rows;
        }

        long rows(ProductField field) {
            return fieldRows.getOrDefault(field, 0L);
        }

        long piecesLost() {
            return piecesLost;
        }
    }

    /**
     * What every task needs.
     *
     * @param labels classes whose words are counted
     * @param words that are counted
     */
    record Question(TextRecipe recipe, Vocabulary vocabulary, List<String> labels, List<String> words)
            implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private TextMeasures(Question question) {
        for (ProductField field : ProductField.values()) {
            pieces.put(field, new WholeCounts());
        }
        LIMITS.forEach(limit -> cuts.put(limit, new Cut()));
        classWords = new ClassWords(question.labels().size(), question.words().size());
    }

    /** One Spark job. */
    static TextMeasures of(Dataset<Row> products, Question question) {
        Broadcast<Question> shared = JavaSparkContext.fromSparkContext(
                        products.sparkSession().sparkContext())
                .broadcast(question);
        return products.javaRDD()
                .mapPartitions(rows -> List.of(of(rows, shared.value())).iterator())
                .treeReduce(TextMeasures::merge);
    }

    private static TextMeasures of(Iterator<Row> rows, Question question) {
        TextMeasures measures = new TextMeasures(question);
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(question.vocabulary());
        Map<String, Integer> labels = indices(question.labels());
        Map<String, Integer> words = indices(question.words());
        while (rows.hasNext()) {
            Row row = rows.next();
            Product product = ProductRows.product(row);
            measures.add(question.recipe().pieces(product, tokenizer));
            String label = row.getAs("label");
            if (label != null) {
                measures.classWords.add(labels.getOrDefault(label, ClassWords.OTHER_CLASS), known(product, words));
            }
        }
        return measures;
    }

    private static Map<String, Integer> indices(List<String> names) {
        Map<String, Integer> indices = new HashMap<>();
        for (String name : names) {
            indices.put(name, indices.size());
        }
        return indices;
    }

    /** Each counted word of a product once. */
    private static Set<Integer> known(Product product, Map<String, Integer> words) {
        return ProductWords.of(product).stream()
                .map(words::get)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private void add(FieldPieces text) {
        tokens.add(text.tokens());
        for (int i = 0; i < text.fields().size(); i++) {
            pieces.get(text.fields().get(i).field()).add(text.pieces(i));
        }
        cuts.forEach((limit, cut) -> cut.add(text, limit));
    }

    private TextMeasures merge(TextMeasures that) {
        tokens.merge(that.tokens);
        pieces.forEach((field, counts) -> counts.merge(that.pieces.get(field)));
        cuts.forEach((limit, cut) -> cut.merge(that.cuts.get(limit)));
        classWords.merge(that.classWords);
        return this;
    }

    Cut cut(int limit) {
        return cuts.get(limit);
    }
}
