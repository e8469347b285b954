package io.aisle.batch.score;

import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.product.Product;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Appends what a network makes of each row, window by window, in the partition's order; of neighbours with one content hash, the first
 * alone is read by the network.
 */
final class ScoredRows implements Iterator<Row> {
    /** Of long texts a window holds fewer rows. */
    private static final long MAX_WINDOW_CHARACTERS = 1 << 24;

    private final Iterator<Row> rows;
    private final Function<List<Product>, List<float[]>> network;
    private final int window;
    private final StructType schema;
    private final RepeatedTexts texts = new RepeatedTexts();
    private final Queue<Row> scored = new ArrayDeque<>();
    private float[] last;

    /**
     * Reads a partition.
     *
     * @param network gives one array a product, in their order
     * @param window rows that the network is given at once, at most
     * @param schema of the rows with the array at their end
     */
    ScoredRows(Iterator<Row> rows, Function<List<Product>, List<float[]>> network, int window, StructType schema) {
        this.rows = rows;
        this.network = network;
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
        Iterator<float[]> outputs = network.apply(products).iterator();
        for (int i = 0; i < unscored.size(); i++) {
            last = isRepeated.get(i) ? last : outputs.next();
            scored.add(ProductRows.append(unscored.get(i), last, schema));
        }
    }
}
