package io.aisle.batch.generate;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.storage.Directory;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;

/**
 * A synthetic catalog in the Amazon JSON-lines schema.
 *
 * <p>Writes {@code <output>/part-*.txt.gz}. Refuses an output that exists. Line i is a function of the settings and i alone, and so are
 * the files. No shuffle.
 */
public final class GenerateJob implements Job {
    public static final Command COMMAND = new Command(
            "generate",
            "Writes a synthetic catalog of any size, the same for the same seed.",
            List.of(
                    CommandOption.optional("rows", "NUMBER", "generate.rows", "lines to write"),
                    CommandOption.optional("classes", "NUMBER", "generate.classes", "leaf categories"),
                    CommandOption.optional("seed", "NUMBER", "generate.seed", "chooses everything"),
                    CommandOption.optional(
                            "hot-share", "SHARE", "generate.hot-share", "share of the largest class, as 0.6"),
                    CommandOption.required("output", "URI", "output", "directory to write; must not exist")),
            GenerateJob::read);

    private static final long ROWS_PER_FILE = 100_000;

    private final GeneratorPlan plan;
    private final String output;

    private GenerateJob(GeneratorPlan plan, String output) {
        this.plan = plan;
        this.output = output;
    }

    private static GenerateJob read(Settings settings) {
        return new GenerateJob(
                GeneratorPlan.of(
                                settings.wholeNumber("generate.rows", 1, GeneratorPlan.MAX_ROWS),
                                settings.integer(
                                        "generate.classes", GeneratorPlan.MIN_CLASSES, GeneratorPlan.MAX_CLASSES),
                                settings.wholeNumber("generate.seed", Long.MIN_VALUE, Long.MAX_VALUE))
                        .withSizes(new ClassSizes(
                                settings.number("generate.largest-to-smallest", 1, ClassSizes.MAX_RATIO),
                                settings.number("generate.hot-share", 0, ClassSizes.MAX_HOT_SHARE))),
                settings.text("output"));
    }

    @Override
    public List<String> plan() {
        return List.of(String.format(
                Locale.ROOT, "write %,d synthetic records of %d classes to %s", plan.rows(), plan.classes(), output));
    }

    @Override
    public void run(JobContext context) {
        Directory directory = Directory.of(context.spark(), output);
        directory.requireAbsent("a catalog");
        directory.requireWholeCommit();
        directory.createParent();
        context.step("generate: write");
        CatalogGenerator generator = new CatalogGenerator(plan);
        int files = Math.toIntExact((plan.rows() + ROWS_PER_FILE - 1) / ROWS_PER_FILE);
        MapFunction<Long, String> line = generator::line;
        context.spark()
                .range(0, plan.rows(), 1, files)
                .map(line, Encoders.STRING())
                .write()
                .option("compression", "gzip")
                .text(output);
        directory.requireCommitted();
        context.say("wrote %,d records of %d classes: %s", plan.rows(), plan.classes(), directory.uri());
    }
}
