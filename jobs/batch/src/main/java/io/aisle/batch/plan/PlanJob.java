package io.aisle.batch.plan;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.plan.Rates.Rate;
import io.aisle.batch.telemetry.TextTable;
import java.util.List;
import java.util.Locale;

/**
 * What a night of so many products would take and cost on some machines, by a formula over measured rates; nothing is measured here.
 *
 * <p>Reads {@code rates.conf} and {@code shapes.conf}, and prints every number that it used. Writes nothing. No Spark session.
 */
public final class PlanJob implements Job {
    public static final Command COMMAND = new Command(
            "plan",
            "Computes the time and the cost of a night from measured rates.",
            PlanSettings.OPTIONS,
            settings -> new PlanJob(PlanSettings.read(settings)));

    private static final String LINEAR = "linear";
    private static final String BASE_SPARK_NLP = "base-spark-nlp";
    private static final String BASE_ONNX = "base-onnx";
    private static final List<Scorer> ON_CORES = List.of(
            Scorer.alone("DistilBERT base, spark-nlp", BASE_SPARK_NLP),
            Scorer.alone("DistilBERT base, onnx", BASE_ONNX),
            Scorer.alone("DistilBERT base, onnx int8", "base-onnx-int8"),
            Scorer.alone("tiny, spark-nlp", "tiny-spark-nlp"),
            Scorer.alone("linear", LINEAR),
            Scorer.cascade("cascade of linear and base, onnx", LINEAR, BASE_ONNX));
    private static final List<Scorer> ON_GPU = List.of(
            Scorer.onGpu("DistilBERT base, onnx, GPU"),
            Scorer.cascadeOnGpu("cascade of linear and base, onnx, GPU", LINEAR));

    private final PlanSettings settings;

    private PlanJob(PlanSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean isOnSpark() {
        return false;
    }

    @Override
    public List<String> plan() {
        return List.of(String.format(
                Locale.ROOT,
                "compute the time and the cost of a night of %,d products on %s",
                settings.rows(),
                String.join(", ", settings.shapes().stream().map(Shape::name).toList())));
    }

    @Override
    public void run(JobContext context) {
        Rates rates = Rates.read();
        sayFormula(context);
        sayRates(context, rates);
        sayShapes(context);
        TextTable full = nights();
        TextTable changed = nights();
        for (Shape shape : settings.shapes()) {
            for (Scorer scorer : shape.gpu().isPresent() ? ON_GPU : ON_CORES) {
                row(full, shape, scorer, Night.full(settings, rates, shape, scorer));
                row(changed, shape, scorer, Night.changed(settings, rates, shape, scorer));
            }
        }
        context.say("COMPUTED, %,d products, all scored:", settings.rows());
        context.say(full);
        context.say("COMPUTED, %,d products, %s of them scored:", settings.rows(), percent(settings.changed()));
        context.say(changed);
        context.say(
                "Left out: the start of cluster and job, tasks of unequal size, a store that throttles, the primary node, disks,"
                        + " traffic, storage.");
    }

    private void sayFormula(JobContext context) {
        context.say("COMPUTED, not measured, by this formula:\n");
        context.say(
                "  seconds = rows × (1 / read + 1 / compare + 1 / write + scored / score) / (nodes × vCPUs × speed)");
        context.say("  cost    = seconds / 3600 × nodes × price\n");
        context.say(
                "rows %,d; compare only where a run before is; scored: the share of rows that is, 1 or %s",
                settings.rows(), settings.changed());
        context.say("score of a network: its rate × word pieces where it was measured / %d", settings.tokens());
        context.say(
                "score of a cascade: 1 / (1 / linear + %s / network); the share is an assumption (plan.cascade-share)",
                settings.cascadeShare());
        context.say(
                "score on a GPU: the GPU's rate × GPUs, in the place of a core's rate × nodes × vCPUs × speed; cores and GPUs take turns");
        settings.deadlineSeconds()
                .ifPresent(deadline -> context.say("nodes: the fewest that are done within %s", time(deadline)));
        context.say("\nrates, rows a second and core, as measured:");
    }

    private static void sayRates(JobContext context, Rates rates) {
        say(context, "read and clean", rates.readAndClean());
        say(context, "compare", rates.compare());
        say(context, "write, read back, check", rates.write());
        rates.score().forEach((name, rate) -> say(context, "score " + name, rate));
    }

    private static void say(JobContext context, String name, Rate rate) {
        context.say(
                "  %s: %,.1f%s\n    by: %s\n    on: %s\n    from: %s",
                name,
                rate.rowsPerSecond(),
                rate.tokens().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " at %.0f word pieces",
                                rate.tokens().getAsDouble())
                        : "",
                rate.command(),
                rate.machine(),
                rate.source());
    }

    private void sayShapes(JobContext context) {
        context.say(
                "\nmachines; list prices on demand as of %s, in dollars an hour, TO BE CHECKED; speed of a vCPU is an assumption:",
                Shape.pricesAsOf());
        TextTable shapes = new TextTable(
                "machine", "service", "region", "vCPUs", "speed", "GB", "GPU", "machine $", "service $", "together $");
        for (Shape shape : settings.shapes()) {
            shapes.row(
                    shape.name(),
                    shape.service(),
                    shape.region(),
                    Integer.toString(shape.vcpus()),
                    Double.toString(shape.speed()),
                    Integer.toString(shape.memoryGib()),
                    shape.gpu().map(gpu -> gpu.count() + " " + gpu.name()).orElse("-"),
                    dollars(shape.machinePrice()),
                    dollars(shape.servicePrice()),
                    dollars(shape.price()));
        }
        context.say(shapes);
        settings.shapes().stream()
                .flatMap(shape -> shape.gpu().stream())
                .distinct()
                .forEach(gpu -> context.say(
                        "%s: %,.0f rows a second, %s",
                        gpu.name(),
                        Scorer.gpuRate(gpu, settings.gpuRate(), settings.gpuUtilisation(), settings.tokens()),
                        settings.gpuRate().isPresent()
                                ? "as given (plan.gpu-rate)"
                                : String.format(
                                        Locale.ROOT,
                                        "ASSUMED, no GPU was measured: published peak %.1f TFLOP/s in float32 × %s used"
                                                + " (plan.gpu-utilisation) / %.2f GFLOP a row",
                                        gpu.teraflops(),
                                        settings.gpuUtilisation(),
                                        Scorer.operations(settings.tokens()) / 1e9)));
    }

    private static TextTable nights() {
        return new TextTable("scored by", "machine", "nodes", "h:mm:ss", "$", "$ a million products");
    }

    private void row(TextTable table, Shape shape, Scorer scorer, Night night) {
        table.row(
                scorer.name(),
                shape.name(),
                Long.toString(night.nodes()),
                time(night.seconds()),
                dollars(night.dollars()),
                dollars(night.dollars() / settings.rows() * 1e6));
    }

    /** Rounded up to a second. */
    private static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return String.format(Locale.ROOT, "%,d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    private static String dollars(double dollars) {
        return String.format(Locale.ROOT, dollars < 1 ? "%.4f" : "%,.2f", dollars);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%s%%", Math.round(share * 1e6) / 1e4);
    }
}
