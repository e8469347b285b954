package io.aisle.batch.explore;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;

import io.aisle.batch.dataset.ProductGroup;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.ProductWords;
import io.aisle.core.product.Product;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Products that are there twice: with the same fields, with the same title, or with nearly the same words; and those of them whose labels
 * differ, of which one at least is wrong.
 *
 * <p>One Spark job of two shuffles: {@value MinHash#BANDS} bands and two hashes a row to their groups, and what was found to its row,
 * since two rows that are alike meet in several bands.
 */
final class Copies implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Kinds of keys; a band of a number has that much more. */
    static final int CONTENT = 0;

    static final int TITLE = 1;
    static final int BAND = 2;

    /** content is the hash of all fields; low and high are the bits of {@link MinHash}, null for other kinds. */
    static final StructType KEYS = new StructType()
            .add("kind", DataTypes.IntegerType)
            .add("key", DataTypes.LongType)
            .add("content", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("low", DataTypes.LongType)
            .add("high", DataTypes.LongType);

    /** A group of rows of one content or title, or a row that is nearly another. */
    static final StructType FINDINGS = new StructType()
            .add("kind", DataTypes.IntegerType)
            .add("id", DataTypes.StringType)
            .add("other_id", DataTypes.StringType)
            .add("rows", DataTypes.LongType)
            .add("is_conflict", DataTypes.BooleanType);

    final Groups content = new Groups();
    final Groups titles = new Groups();
    final Groups near = new Groups();

    /** Two ids. */
    record Pair(String id, String otherId) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Groups of one kind, and pairs of some. Of near copies each row is a group. */
    static final class Groups implements Serializable {
        private static final long serialVersionUID = 1L;
        private final SmallestRows<Pair> pairs = new SmallestRows<>(CatalogSummary.EXAMPLES);
        private final SmallestRows<Pair> conflictPairs = new SmallestRows<>(CatalogSummary.EXAMPLES);
        private long count;
        private long rows;
        private long conflicts;
        private long conflictRows;

        private void add(Row finding) {
            Pair pair = new Pair(finding.getAs("id"), finding.getAs("other_id"));
            long hash = MinHash.hash(pair.id());
            count++;
            rows += finding.<Long>getAs("rows");
            pairs.add(hash, pair.id(), pair);
            if (finding.<Boolean>getAs("is_conflict")) {
                conflicts++;
                conflictRows += finding.<Long>getAs("rows");
                conflictPairs.add(hash, pair.id(), pair);
            }
        }

        private void merge(Groups that) {
            count += that.count;
            rows += that.rows;
            conflicts += that.conflicts;
            conflictRows += that.conflictRows;
            pairs.merge(that.pairs);
            conflictPairs.merge(that.conflictPairs);
        }

        long count() {
            return count;
        }

        /** Rows of all groups. */
        long rows() {
            return rows;
        }

        /** Rows but for one of each group. */
        long surplus() {
            return rows - count;
        }

        /** Groups with more than one label. */
        long conflicts() {
            return conflicts;
        }

        long conflictRows() {
            return conflictRows;
        }

        List<Pair> pairs() {
            return pairs.values();
        }

        List<Pair> conflictPairs() {
            return conflictPairs.values();
        }
    }

    private Copies() {}

    static Copies of(Dataset<Row> products) {
        FlatMapFunction<Row, Row> keys = row -> keys(row).iterator();
        MapPartitionsFunction<Row, Row> scan = CopyScan::new;
        return products.flatMap(keys, Encoders.row(KEYS))
                .repartition(col("kind"), col("key"))
                .sortWithinPartitions("kind", "key", "content", "id")
                .mapPartitions(scan, Encoders.row(FINDINGS))
                .repartition(col("kind"), col("id"))
                .sortWithinPartitions(asc("kind"), asc("id"), desc("is_conflict"), asc("other_id"))
                .javaRDD()
                .mapPartitions(findings -> List.of(of(findings)).iterator())
                .treeReduce(Copies::merge);
    }

    private static List<Row> keys(Row row) {
        Product product = ProductRows.product(row);
        String id = product.id();
        String label = row.getAs("label");
        String contentHash = row.getAs("content_hash");
        long content = MinHash.hash(contentHash);
        List<Row> keys = new ArrayList<>();
        keys.add(RowFactory.create(CONTENT, content, content, id, label, null, null));
        long title = MinHash.hash(ProductGroup.of(product.title(), contentHash));
        keys.add(RowFactory.create(TITLE, title, content, id, label, null, null));
        MinHash.of(Set.copyOf(ProductWords.of(product)))
                .ifPresent(hash -> Stream.iterate(0, band -> band < MinHash.BANDS, band -> band + 1)
                        .map(band -> RowFactory.create(
                                BAND + band, hash.band(band), content, id, label, hash.low(), hash.high()))
                        .forEach(keys::add));
        return keys;
    }

    private static Copies of(Iterator<Row> findings) {
        Copies copies = new Copies();
        String lastNear = null;
        while (findings.hasNext()) {
            Row finding = findings.next();
            int kind = finding.getAs("kind");
            String id = finding.getAs("id");
            if (kind != BAND) {
                (kind == CONTENT ? copies.content : copies.titles).add(finding);
            } else if (!id.equals(lastNear)) {
                // the same row of other bands follows it
                lastNear = id;
                copies.near.add(finding);
            }
        }
        return copies;
    }

    private Copies merge(Copies that) {
        content.merge(that.content);
        titles.merge(that.titles);
        near.merge(that.near);
        return this;
    }

    /** Every id that stands as an example. */
    List<String> exampleIds() {
        return Stream.of(content, titles, near)
                .flatMap(groups -> Stream.concat(groups.pairs().stream(), groups.conflictPairs().stream()))
                .flatMap(pair -> Stream.of(pair.id(), pair.otherId()))
                .toList();
    }
}
