package io.aisle.batch.catalog;

import java.util.Collection;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where the rows of a catalog come from. */
interface CatalogSource {
    /** One row of {@link Catalog#SCHEMA} a record. */
    Dataset<Row> rows();

    /** The names of what the first records hold. */
    Collection<String> fieldNames();

    /**
     * Records that were read of each file that broke off.
     *
     * @param read what {@link #rows} gave, kept
     */
    Map<String, Long> corruptFiles(Dataset<Row> read);
}
