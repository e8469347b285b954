package io.aisle.batch.catalog;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.asc_nulls_first;
import static org.apache.spark.sql.functions.asc_nulls_last;
import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.aisle.batch.dataset.KeptRows;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One catalog as it was read: each record is in exactly one of {@link #products}, {@link #duplicates} and {@link #quarantine}.
 * The records are kept on the executors' disks until {@link #close}, so that the input is parsed, cleaned and shuffled by id once.
 */
public final class Catalog implements AutoCloseable {
    /** Cleaned product fields, truth, and what became of the record. One that cannot be used has a key of its own for its id. */
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("brand", DataTypes.StringType)
            .add("description", DataTypes.StringType)
            .add("feature", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("content_hash", DataTypes.StringType)
            .add("updated_at", DataTypes.StringType)
            .add("updated_by", DataTypes.StringType)
            .add("reason", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("source_file", DataTypes.StringType)
            .add("raw", DataTypes.StringType)
            .add("present", DataTypes.LongType)
            .add("price", DataTypes.DoubleType)
            .add("faults", DataTypes.IntegerType);

    /** The reason of a row that is no record: it says in which file, and after how many of its records, reading had to stop. */
    static final String CORRUPT_FILE = "corrupt_file";

    private static final Column[] PRODUCT_COLUMNS = {
        col("id"), col("title"), col("brand"), col("description"), col("feature"), col("label"), col("content_hash")
    };

    private final CatalogSource source;
    private final CatalogSettings settings;
    private final KeptRows kept;
    private final Dataset<Row> records;
    private final TreeMap<String, Long> quarantinedByReason = new TreeMap<>();
    private final TreeMap<String, Long> corruptFiles = new TreeMap<>();
    private final long rowsIn;

    /** Runs one pass over the input, and one shuffle; what is kept lies by id, so that a join by id needs no other. */
    Catalog(CatalogSource source, CatalogSettings settings) {
        this.source = source;
        this.settings = settings;
        // the products first, should an id look like the key of a record that cannot be used
        WindowSpec ofId = Window.partitionBy("id")
                .orderBy(
                        asc_nulls_first("reason"),
                        desc("updated_at"),
                        asc("content_hash"),
                        asc_nulls_last("label"),
                        asc_nulls_last("updated_by"));
        kept = KeptRows.onDisk(source.rows().withColumn("rank", row_number().over(ofId)));
        records = kept.rows();
        long usable = 0;
        long present = 0;
        for (Row row : records.groupBy("reason")
                .agg(count(lit(1)), bit_or(col("present")))
                .collectAsList()) {
            present |= row.getLong(2);
            if (row.isNullAt(0)) {
                usable = row.getLong(1);
            } else if (!row.getString(0).equals(CORRUPT_FILE)) {
                quarantinedByReason.put(row.getString(0), row.getLong(1));
            }
        }
        rowsIn = usable + quarantined();
        if ((present & JsonRecords.IS_OBJECT) != 0) {
            requireMappedColumns(present);
        }
        corruptFiles.putAll(source.corruptFiles(records));
    }

    /** A column that the user named and no record has is a mistake, not a catalog without brands. */
    private void requireMappedColumns(long present) {
        List<String> mapped = settings.mappedColumns();
        for (int i = 0; i < mapped.size(); i++) {
            if ((present >> i & 1) == 0) {
                close();
                throw new UserException("Cannot read " + settings.input() + ": found no field " + mapped.get(i)
                        + " in any record, expected one of " + String.join(", ", source.fieldNames())
                        + ". Correct --columns or --label.");
            }
        }
    }

    /** One row an id: of the records that share one, that with the greatest updated_at, else with the smallest content hash. */
    public Dataset<Row> products() {
        return usable().filter(col("rank").equalTo(1)).select(PRODUCT_COLUMNS);
    }

    /** The records that lost their id to another. */
    public Dataset<Row> duplicates() {
        return usable().filter(col("rank").gt(1)).select(PRODUCT_COLUMNS);
    }

    /** Every usable record with what decides between those of one id: updated_at, updated_by, and the rank, 1 for the one that counts. */
    public Dataset<Row> ranked() {
        return usable().drop("reason", "detail", "source_file", "raw", "present", "price", "faults");
    }

    /**
     * The products with what was noted of their records: updated_at, empty where there is none, price, null where there is none, and
     * faults, a bit for each {@link TextFault}.
     */
    public Dataset<Row> observed() {
        List<Column> columns = new ArrayList<>(List.of(PRODUCT_COLUMNS));
        columns.addAll(List.of(col("updated_at"), col("price"), col("faults")));
        return usable().filter(col("rank").equalTo(1)).select(columns.toArray(Column[]::new));
    }

    /** How it was read; the format is one. */
    public CatalogSettings settings() {
        return settings;
    }

    /** The names of what the first records hold. */
    public List<String> fieldNames() {
        return List.copyOf(source.fieldNames());
    }

    private Dataset<Row> usable() {
        return records.filter(col("reason").isNull());
    }

    /** Records that cannot be used: reason, detail, source_file and the raw text, which is cut where it is long. */
    public Dataset<Row> quarantine() {
        return records.filter(col("reason").isNotNull().and(col("reason").notEqual(CORRUPT_FILE)))
                .select("reason", "detail", "source_file", "raw");
    }

    /** Every record, blank lines not counted. */
    public long rowsIn() {
        return rowsIn;
    }

    public long quarantined() {
        return quarantinedByReason.values().stream().mapToLong(Long::longValue).sum();
    }

    public Map<String, Long> quarantinedByReason() {
        return quarantinedByReason;
    }

    /** Records that were read of each file that broke off; empty unless {@code catalog.skip-corrupt-files} is set. */
    public Map<String, Long> corruptFiles() {
        return corruptFiles;
    }

    /** What was read, for people: a line, one more a file that broke off, and a hint where nothing can be used. */
    public List<String> inWords() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "read %,d records, %,d quarantined", rowsIn, quarantined()));
        corruptFiles.forEach((file, records) -> lines.add(
                String.format(Locale.ROOT, "corrupt after %,d records, the rest skipped: %s", records, file)));
        if (rowsIn > 0 && rowsIn == quarantined()) {
            lines.add(
                    "no record can be used, so --format or --columns may be wrong; the first records have the fields: "
                            + String.join(", ", source.fieldNames()));
        }
        return lines;
    }

    @Override
    public void close() {
        kept.close();
    }
}
