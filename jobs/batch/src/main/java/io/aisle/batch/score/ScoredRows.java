package io.aisle.batch.score;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.model.Classifier;
import io.aisle.core.product.Product;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Scores a partition window by window, in its order; of neighbours with one content hash, the first alone is read by the network. */
final class ScoredRows implements Iterator<Row> {
    /** Of long texts a window holds fewer rows. */
    private static final long MAX_WINDOW_CHARACTERS = 1 << 24;

    private final Iterator<Row> rows;
    private final Classifier classifier;
    private final int window;
    private final StructType schema;
    private final RepeatedTexts texts = new RepeatedTexts();
    private final Queue<Row> scored = new ArrayDeque<>();
    private float[] last;

    ScoredRows(Iterator<Row> rows, Classifier classifier, int window, StructType schema) {
        this.rows = rows;
        this.classifier = classifier;
        this.window = window;
        this.schema = schema;
    }

    @Override
    public boolean hasNext() {
        return !scored.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (scored.isEmpty()) {
            scoreWindow();
        }
        return scored.remove();
    }

    private void scoreWindow() {
        List<Row> unscored = new ArrayList<>(window);
        List<Boolean> isRepeated = new ArrayList<>(window);
        List<Product> products = new ArrayList<>(window);
        long characters = 0;
        while (rows.hasNext() && unscored.size() < window && characters < MAX_WINDOW_CHARACTERS) {
            Row row = rows.next();
            characters += ProductRows.characters(row);
            unscored.add(row);
            isRepeated.add(texts.isRepeated(row));
            if (!isRepeated.get(isRepeated.size() - 1)) {
                products.add(ProductRows.product(row));
            }
        }
        Iterator<float[]> probabilities = classifier.probabilities(products).iterator();
        for (int i = 0; i < unscored.size(); i++) {
            last = isRepeated.get(i) ? last : probabilities.next();
            scored.add(ProductRows.append(unscored.get(i), last, schema));
        }
    }
}
