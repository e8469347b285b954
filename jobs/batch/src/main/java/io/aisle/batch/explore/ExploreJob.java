package io.aisle.batch.explore;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.report.Report;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.VocabularyLearner;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a catalog holds, before anybody trains on it.
 *
 * <p>Reads a catalog, raw or prepared. Writes {@code <output>/explore.html} and the same numbers as {@code explore.json}. Refuses an output
 * that exists, and a catalog of which no record can be used. Warns, and goes on, whatever it finds.
 *
 * <p>The input is read once, with one shuffle by id, as every job reads it. Three Spark jobs over the rows that are kept count, measure the
 * texts in word pieces, and look for copies (two shuffles); a fourth fetches the products that stand as examples.
 */
public final class ExploreJob implements Job {
    public static final Command COMMAND = new Command(
            "explore",
            "Looks at a raw catalog, and writes a report of what is in it.",
            ExploreSettings.OPTIONS,
            settings -> new ExploreJob(ExploreSettings.read(settings)));

    /** Classes whose telling words are counted, the largest. */
    private static final int WORD_CLASSES = 200;

    /** Words that may tell a class, the most frequent. */
    private static final int WORDS = 20_000;

    private final ExploreSettings settings;

    private ExploreJob(ExploreSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "read " + settings.catalog().input() + " and quarantine what cannot be used",
                "count fields, classes, brands, words and faults",
                "measure the texts in the word pieces of "
                        + settings.vocabulary().orElse("a vocabulary learnt here"),
                "look for copies and for labels that disagree",
                "write a report to " + settings.output());
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a report");
        output.createParent();
        context.step("explore: read and clean");
        try (Catalog catalog = new CatalogReader(context.spark(), settings.recipe()).read(settings.catalog())) {
            catalog.inWords().forEach(line -> context.say("%s", line));
            requireUsable(catalog);
            Dataset<Row> products = catalog.observed().withColumn("hash", xxhash64(col("id")));

            context.step("explore: count", catalog.rowsIn());
            CatalogSummary summary = CatalogSummary.of(products);
            List<String> labels = summary.largestClasses(WORD_CLASSES);
            List<String> words = summary.vocabulary.top(WORDS).stream()
                    .map(FrequentItems.Item::text)
                    .toList();
            Vocabulary vocabulary = vocabulary(context, summary);

            context.step("explore: measure texts", summary.rows());
            TextMeasures texts =
                    TextMeasures.of(products, new TextMeasures.Question(settings.recipe(), vocabulary, labels, words));

            context.step("explore: look for copies");
            Copies copies = Copies.of(products);

            context.step("explore: fetch examples");
            Examples examples = Examples.of(
                    products,
                    Stream.concat(summary.exampleIds().stream(), copies.exampleIds().stream())
                            .distinct()
                            .toList());

            context.step("explore: write");
            ExploreReport report = new ExploreReport(
                    settings,
                    catalog,
                    summary,
                    texts,
                    new ExploreReport.Words(labels, words, vocabulary.size()),
                    copies,
                    Languages.of(summary.languageSample.values()),
                    examples);
            Report.write(output, "explore", report.json());
            say(context, report);
            context.say("report: %s", output.child("explore.html"));
        }
    }

    private void requireUsable(Catalog catalog) {
        if (catalog.rowsIn() == catalog.quarantined()) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "Cannot explore %s: found no usable record among %,d (quarantined: %s), expected one at least. Check the path,"
                            + " --format and --columns.",
                    settings.catalog().input(),
                    catalog.rowsIn(),
                    catalog.quarantinedByReason()));
        }
    }

    private Vocabulary vocabulary(JobContext context, CatalogSummary summary) {
        if (settings.vocabulary().isPresent()) {
            String uri = settings.vocabulary().get();
            int slash = uri.lastIndexOf('/');
            Directory directory = Directory.of(context.spark(), slash < 0 ? "." : uri.substring(0, Math.max(1, slash)));
            String name = uri.substring(slash + 1);
            if (!directory.has(name)) {
                throw new UserException("Cannot read the vocabulary " + uri
                        + ": found no such file, expected the vocab.txt of an encoder. Correct --vocabulary.");
            }
            return Vocabulary.of(directory.read(name).lines().toList());
        }
        context.step("explore: learn the vocabulary");
        Map<String, Long> counts = new HashMap<>();
        summary.vocabulary.top(Integer.MAX_VALUE).forEach(item -> counts.put(item.text(), item.count()));
        return VocabularyLearner.learn(counts, settings.vocabularySize());
    }

    private static void say(JobContext context, ExploreReport report) {
        List<Finding> findings = report.findings();
        context.say(
                "%,d products; %s",
                report.products(), findings.isEmpty() ? "nothing stands out" : findings.size() + " things to look at:");
        findings.forEach(finding -> context.say("  %s", finding.what()));
    }
}
