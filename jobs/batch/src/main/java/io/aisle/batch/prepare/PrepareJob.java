package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.array_repeat;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.dataset.ClassFolding;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.batch.dataset.ProductGroup;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.dataset.StratifiedSample;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.telemetry.Names;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Raw records to train, validation and test.
 *
 * <p>Reads a catalog. Writes {@code <output>/{train,validation,test,unlabelled,quarantine,duplicates}} as Parquet, {@code corrections}
 * where some are given, and at last {@code manifest.json}. Refuses an output that exists, an input without a usable labelled row, a named column that no record has, and
 * a file that ends too early.
 *
 * <p>Order: parse, quarantine, one row an id, merge corrections, fold, sample, split. The same rows come out whatever the partitions,
 * cores or retries. The input is parsed once; the rows are shuffled by id, and into the files.
 */
public final class PrepareJob implements Job {
    public static final Command COMMAND = new Command(
            "prepare",
            "Reads raw products, folds rare classes, samples, and splits into train, validation and test.",
            PrepareSettings.OPTIONS,
            settings -> new PrepareJob(PrepareSettings.read(settings)));

    private static final List<String> WRITTEN = Stream.concat(
                    Stream.of(Split.values()).map(Split::key),
                    Stream.of(PreparedData.UNLABELLED, "quarantine", "duplicates"))
            .toList();
    private static final String CORRECTIONS = "corrections";
    private static final int ROWS_PER_FILE = 250_000;
    private static final String SPLIT = "split";

    private final PrepareSettings settings;

    private PrepareJob(PrepareSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "read " + settings.catalog().input() + " and quarantine what cannot be used",
                "keep one row an id"
                        + settings.corrections()
                                .map(file -> ", merge corrections from " + file)
                                .orElse(""),
                "fold classes under " + settings.minClassSize() + " rows",
                "keep " + settings.fraction().toPlainString() + " of each class",
                "split into " + settings.split() + " and write " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        SparkSession spark = context.spark();
        Directory output = Directory.of(spark, settings.output());
        output.requireAbsent("prepared data");
        output.requireWholeCommit();
        output.createParent();
        context.step("prepare: read and clean");
        CatalogReader reader = new CatalogReader(spark, settings.recipe());
        try (Catalog catalog = reader.read(settings.catalog());
                Catalog corrected = settings.corrections()
                        .map(file -> reader.read(settings.catalog().forCorrections(file)))
                        .orElse(null)) {
            requireRows(catalog);
            catalog.inWords().forEach(line -> context.say("%s", line));
            if (corrected == null) {
                prepare(context, output, catalog, Optional.empty());
            } else {
                try (Corrections corrections =
                        new Corrections(catalog.products(), corrected, settings.correctionWeight())) {
                    prepare(context, output, catalog, Optional.of(corrections));
                }
            }
        }
    }

    private void prepare(JobContext context, Directory output, Catalog catalog, Optional<Corrections> corrections) {
        Dataset<Row> products = withSplit(corrections
                .map(Corrections::merged)
                .orElseGet(() -> catalog.products().withColumn(Corrections.WEIGHT, lit(1))));
        context.step("prepare: count classes");
        LabelCounts counts;
        Map<String, String> foldMap;
        long repeated;
        // what decides where a product goes, without its texts: they are most of what a pass over the rows reads
        try (KeptRows keys = KeptRows.onDisk(products.select("id", "label", SPLIT, Corrections.WEIGHT))) {
            counts = LabelCounts.of(keys.rows());
            requireLabels(counts);
            foldMap = ClassFolding.fold(counts.rows(), settings.minClassSize());

            context.step("prepare: sample and split");
            Dataset<Row> folded = withFoldedLabel(keys.rows(), foldMap);
            StratifiedSample sample = StratifiedSample.draw(folded, settings.fraction(), settings.seed());
            Dataset<Row> sampledKeys = sample.of(folded);
            SplitCounts splits =
                    SplitCounts.of(sampledKeys, settings.split().get(0).signum() > 0);
            repeated = writeSplits(context, splits, sampledKeys, sample.of(withFoldedLabel(products, foldMap)), output);
        }
        // a pass over all rows to find none takes as long as any other
        Dataset<Row> unlabelled = products.filter(col("label").isNull());
        writePart(
                counts.unlabelled() == 0 ? unlabelled.limit(0) : unlabelled,
                counts.unlabelled(),
                output.child(PreparedData.UNLABELLED));

        context.step("prepare: write quarantine and duplicates");
        corrections
                .map(given -> catalog.quarantine().unionByName(given.quarantine()))
                .orElseGet(catalog::quarantine)
                .write()
                .parquet(output.child("quarantine"));
        corrections
                .map(given -> catalog.duplicates().unionByName(given.duplicates()))
                .orElseGet(catalog::duplicates)
                .write()
                .parquet(output.child("duplicates"));
        corrections.ifPresent(given -> given.trail().write().parquet(output.child(CORRECTIONS)));

        context.step("prepare: count and check");
        for (String written : WRITTEN) {
            output.directory(written).requireCommitted();
        }
        Optional<CorrectionCounts> corrected = corrections.map(given -> {
            output.directory(CORRECTIONS).requireCommitted();
            return CorrectionCounts.of(given, context.spark().read().parquet(output.child(CORRECTIONS)));
        });
        PreparedManifest manifest =
                manifest(catalog, corrected, repeated, counts, foldMap, WrittenRows.read(context.spark(), output));
        manifest.requireBalance();
        output.write(PreparedManifest.FILE, manifest.json());
        corrected.ifPresent(given -> context.say("%s", given.inWords()));
        report(context, output, manifest);
    }

    private void requireRows(Catalog catalog) {
        if (catalog.rowsIn() == 0) {
            throw new UserException("Cannot prepare " + settings.catalog().input()
                    + ": found no record, expected at least one. Check the path.");
        }
        if (catalog.rowsIn() == catalog.quarantined()) {
            throw new UserException("Cannot prepare " + settings.catalog().input() + ": found no usable record among "
                    + catalog.rowsIn() + " (quarantined: " + catalog.quarantinedByReason()
                    + "). Check --format and --columns.");
        }
    }

    private void requireLabels(LabelCounts counts) {
        if (counts.rows().isEmpty()) {
            throw new UserException("Cannot prepare " + settings.catalog().input()
                    + ": found no record with a label, expected the truth in "
                    + (settings.catalog().label().isEmpty()
                            ? "the format's own field"
                            : settings.catalog().label())
                    + ". Name the fields with --label, root level first.");
        }
    }

    private Dataset<Row> withSplit(Dataset<Row> products) {
        return products.withColumn("split_group", ProductGroup.column())
                .withColumn(SPLIT, GroupSplit.split(col("split_group"), settings.split(), settings.splitSeed()))
                .drop("split_group");
    }

    /** The rows that have a label, with the class that it is folded into. */
    private static Dataset<Row> withFoldedLabel(Dataset<Row> rows, Map<String, String> foldMap) {
        Dataset<Row> labelled = rows.filter(col("label").isNotNull());
        if (foldMap.isEmpty()) {
            return labelled;
        }
        List<Row> moves = new ArrayList<>();
        foldMap.forEach((from, to) -> moves.add(RowFactory.create(from, to)));
        Dataset<Row> folds = rows.sparkSession()
                .createDataFrame(
                        moves,
                        new StructType()
                                .add("rare_label", DataTypes.StringType)
                                .add("folded_label", DataTypes.StringType));
        return labelled.join(broadcast(folds), col("label").equalTo(col("rare_label")), "left")
                .withColumn("label", coalesce(col("folded_label"), col("label")))
                .drop("rare_label", "folded_label");
    }

    /**
     * Gives how many rows of train are copies of others.
     *
     * @param keys of the sampled products, which are read where no text is needed
     */
    private long writeSplits(
            JobContext context, SplitCounts counts, Dataset<Row> keys, Dataset<Row> products, Directory output) {
        List<String> lent = counts.withoutTrain();
        if (!lent.isEmpty()) {
            context.say(
                    "%,d classes had validation rows and none of train: they went to train: %s",
                    lent.size(), Names.some(lent));
        }
        Column part = SplitCounts.lending(lent);
        Dataset<Row> train = products.filter(part.equalTo(Split.TRAIN.key()));
        // what people corrected is learnt more of, and measured as ever: validation and test have each row once
        boolean isRepeated = settings.correctionWeight() > 1;
        long repeated = isRepeated ? copies(keys.filter(part.equalTo(Split.TRAIN.key()))) : 0;
        writePart(
                isRepeated ? train.withColumn("copy", explode(array_repeat(lit(0), col(Corrections.WEIGHT)))) : train,
                counts.rows(Split.TRAIN) + repeated,
                output.child(Split.TRAIN.key()));
        for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
            writePart(products.filter(part.equalTo(split.key())), counts.rows(split), output.child(split.key()));
        }
        return repeated;
    }

    private static long copies(Dataset<Row> rows) {
        return rows.agg(coalesce(sum(col(Corrections.WEIGHT).minus(1)), lit(0L)))
                .head()
                .getLong(0);
    }

    /**
     * Files that depend on the rows alone: hash partitions by id, sorted, copies beside each other. The text is made after the shuffle, which
     * would move every word twice with it.
     */
    private void writePart(Dataset<Row> products, long rows, String uri) {
        products.select("id", "title", "brand", "description", "feature", "label", "content_hash")
                .repartition((int) Math.max(1, Math.floorDiv(rows - 1, ROWS_PER_FILE) + 1), col("id"))
                .sortWithinPartitions("id")
                .withColumn("text", ProductRows.text(settings.recipe()))
                .selectExpr(PreparedData.SCHEMA.fieldNames())
                .write()
                .parquet(uri);
    }

    /** What was left out follows from the class sizes, not from what was written, so that a lost row cannot pass for one left out. */
    private PreparedManifest manifest(
            Catalog catalog,
            Optional<CorrectionCounts> corrections,
            long repeated,
            LabelCounts counts,
            Map<String, String> foldMap,
            WrittenRows written) {
        List<ClassRows> classes = classes(counts, foldMap, written);
        Map<String, Long> rows = new TreeMap<>();
        rows.put("rows_in", catalog.rowsIn());
        rows.put("corrections_added", corrections.map(CorrectionCounts::added).orElse(0L));
        rows.put(PreparedManifest.REPEATED, repeated);
        long sampled = 0;
        for (Split split : Split.values()) {
            rows.put(split.key(), written.rows(split));
            sampled += written.rows(split);
        }
        rows.put(
                "not_sampled",
                classes.stream()
                        .mapToLong(of -> of.rows() - StratifiedSample.size(of.rows(), settings.fraction()))
                        .sum());
        rows.put(PreparedData.UNLABELLED, written.unlabelled());
        rows.put(
                "quarantined",
                written.quarantine().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        rows.put("duplicates", written.duplicates());
        return new PreparedManifest(
                PreparedManifest.VERSION,
                settings.recipe(),
                settings.asText(),
                rows,
                corrections.map(CorrectionCounts::balanced).orElse(Map.of()),
                written.quarantine(),
                catalog.corruptFiles(),
                foldMap,
                classes,
                sampled + "-" + Long.toHexString(written.fingerprint()));
    }

    private static List<ClassRows> classes(LabelCounts counts, Map<String, String> foldMap, WrittenRows written) {
        Map<String, Long> folded = new TreeMap<>();
        counts.rows().forEach((label, count) -> folded.merge(foldMap.getOrDefault(label, label), count, Long::sum));
        List<ClassRows> classes = new ArrayList<>();
        folded.forEach((label, count) -> classes.add(new ClassRows(
                label,
                count,
                written.rows(label, Split.TRAIN),
                written.rows(label, Split.VALIDATION),
                written.rows(label, Split.TEST))));
        classes.sort(Comparator.comparingLong(ClassRows::rows).reversed().thenComparing(ClassRows::label));
        return classes;
    }

    private static void report(JobContext context, Directory output, PreparedManifest manifest) {
        TextTable rows = new TextTable("rows", "");
        for (String name : List.of(
                "rows_in",
                "corrections_added",
                PreparedManifest.REPEATED,
                "train",
                "validation",
                "test",
                "not_sampled",
                PreparedData.UNLABELLED,
                "quarantined",
                "duplicates")) {
            if (name.equals(PreparedManifest.REPEATED) && manifest.repeated() == 0) {
                continue;
            }
            rows.row(name, String.format(Locale.ROOT, "%,d", manifest.rows().get(name)));
        }
        context.say(rows);
        manifest.quarantine().forEach((reason, count) -> context.say("  quarantined %,d: %s", count, reason));
        context.say(
                "%d classes, %d rare ones folded; largest %,d rows, smallest %,d",
                manifest.classes().size(),
                manifest.foldMap().size(),
                manifest.classes().get(0).rows(),
                manifest.classes().get(manifest.classes().size() - 1).rows());
        for (Split split : Split.values()) {
            List<String> without = manifest.classesWithout(split);
            if (!without.isEmpty() && manifest.rows().get(split.key()) > 0) {
                context.say(
                        "no %s row in %d of %d classes: %s",
                        split.key(), without.size(), manifest.classes().size(), Names.some(without));
            }
        }
        context.say("prepared data: %s", output.uri());
    }
}
