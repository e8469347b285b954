package io.aisle.batch.dataset;

import io.aisle.core.product.Product;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Products to and from rows with the columns id, title, brand, description and feature. */
public final class ProductRows {
    private ProductRows() {}

    /** The product of a row, whatever other columns it has. */
    public static Product product(Row row) {
        return new Product(
                row.getAs("id"),
                row.getAs("title"),
                row.getAs("brand"),
                row.getAs("description"),
                row.getAs("feature"));
    }

    /** The row with one value more at its end. */
    public static Row append(Row row, Object value) {
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        values[row.size()] = value;
        return RowFactory.create(values);
    }
}
