package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF5;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Products to and from rows with the columns id, title, brand, description and feature. */
public final class ProductRows {
    /** The product's text. */
    public static final List<String> TEXT_COLUMNS = List.of("title", "brand", "description", "feature");

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

    /** The length of a product's texts together. */
    public static long characters(Row row) {
        long characters = 0;
        for (String field : TEXT_COLUMNS) {
            characters += row.<String>getAs(field).length();
        }
        return characters;
    }

    /** The text of each row with the product's columns, whole, as a recipe joins it. */
    public static Column text(TextRecipe recipe) {
        UDF5<String, String, String, String, String, String> text = (id, title, brand, description, feature) ->
                recipe.text(new Product(id, title, brand, description, feature));
        return udf(text, DataTypes.StringType)
                .apply(col("id"), col("title"), col("brand"), col("description"), col("feature"));
    }

    /** A row of the product's columns, and the values of the columns after them. */
    public static Row row(Product product, Object... more) {
        Object[] values = new Object[5 + more.length];
        values[0] = product.id();
        values[1] = product.title();
        values[2] = product.brand();
        values[3] = product.description();
        values[4] = product.feature();
        System.arraycopy(more, 0, values, 5, more.length);
        return RowFactory.create(values);
    }

    /**
     * The row with one value more at its end.
     *
     * @param schema of the new row. It goes with the row, since Spark hands the rows of one typed function to the next as they are, and
     *     a row without its schema knows no names
     */
    public static Row append(Row row, Object value, StructType schema) {
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        values[row.size()] = value;
        return new GenericRowWithSchema(values, schema);
    }
}
