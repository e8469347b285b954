package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.batch.Flops;
import io.aisle.bench.ClassifyTurns.Contender;
import io.aisle.core.UserException;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the engines make of one network of DistilBERT's size: classify as a user runs it, from Parquet to Parquet. */
final class EnginesBench implements Bench {
    private static final int THREADS = 2;
    private static final List<String> SUBMIT = List.of("--master", "local[" + THREADS + "]", "--driver-memory", "6g");

    private static final String TUNED = "spark-nlp, 1 thread a task";
    private static final String AS_IT_COMES = "spark-nlp, its own default of 6 threads";
    private static final String ONNX = "onnx";
    private static final String INT8 = "onnx, int8";
    private static final String CASCADE_10 = "cascade, 10% sent on";
    private static final String CASCADE_25 = "cascade, 25% sent on";

    /** Of the best rate of a matrix product, over all of the stage that scores. */
    private static final double WANTED_SHARE = 0.6;

    private static final List<Pair> PAIRS = List.of(
            new Pair(ONNX, TUNED, OptionalDouble.of(1.3)),
            new Pair(INT8, TUNED, OptionalDouble.of(3)),
            new Pair(CASCADE_10, ONNX, OptionalDouble.of(4)),
            new Pair(CASCADE_25, ONNX, OptionalDouble.empty()),
            new Pair(TUNED, AS_IT_COMES, OptionalDouble.empty()));

    /** Two contenders, and what is wanted of the first beside the second in the stage that scores. */
    private record Pair(String ours, String theirs, OptionalDouble wanted) {
        String inWords() {
            return ours + " to " + theirs;
        }
    }

    @Override
    public String name() {
        return "engines";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException, InterruptedException {
        List<Integer> numbers = WholeNumbers.read(name(), options, 1_000, 3);
        try (TemporaryDirectory work = TemporaryDirectory.create("aisle-bench-")) {
            return measure(work.path(), numbers.get(0), numbers.get(1));
        }
    }

    private static Measurements measure(Path work, int rows, int rounds) throws IOException, InterruptedException {
        Path catalog = work.resolve("catalog");
        MadeUpCatalog.write(catalog, rows);
        Map<String, Contender> contenders = contenders(work, catalog);
        Map<MatrixProduct, List<Double>> ceilings = new EnumMap<>(MatrixProduct.class);
        ClassifyTurns turns = ClassifyTurns.of(contenders, catalog, work, rounds, () -> addCeilings(ceilings));
        Measurements measurements = new Measurements();
        ClassifyTurns.describe(measurements, rows);
        measurements.condition("Options", String.join(" ", SUBMIT));
        Map<String, Rounds> scoring = compare(measurements, turns);
        shares(measurements, scoring, ceilings, rows);
        agree(measurements, turns);
        return measurements;
    }

    /** The best rates of this round, warmed up. */
    private static void addCeilings(Map<MatrixProduct, List<Double>> ceilings) {
        for (MatrixProduct product : MatrixProduct.values()) {
            try (Ceiling ceiling = Ceiling.open(
                    product,
                    BaseSizeBundle.CONFIG,
                    DistilBertClassifier.BATCH_SIZE * MadeUpCatalog.MAX_TOKENS,
                    THREADS)) {
                ceiling.operationsPerSecond();
                ceilings.computeIfAbsent(product, first -> new ArrayList<>()).add(ceiling.operationsPerSecond());
            }
        }
    }

    private static Map<String, Contender> contenders(Path work, Path catalog) throws IOException, InterruptedException {
        ModelBundle bundle = BaseSizeBundle.write(work.resolve("model"), MadeUpCatalog.MAX_TOKENS);
        Path model = bundle.directory();
        List<String> asItComes = new ArrayList<>(SUBMIT);
        asItComes.addAll(List.of("--conf", "spark.jsl.settings.onnx.intraOpNumThreads=6"));
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put(TUNED, new Contender(model, List.of("--engine", "spark-nlp"), SUBMIT));
        contenders.put(AS_IT_COMES, new Contender(model, List.of("--engine", "spark-nlp"), asItComes));
        contenders.put(ONNX, new Contender(model, List.of("--engine", "onnx"), SUBMIT));
        Path int8 = Int8Bundle.of(bundle, work.resolve("int8"), MadeUpCatalog.MAX_TOKENS)
                .directory();
        contenders.put(INT8, new Contender(int8, List.of("--engine", "onnx"), SUBMIT));
        MeasuredCascade cascade =
                MeasuredCascade.train(work.resolve("cascade"), catalog, MadeUpCatalog.MAX_TOKENS, SUBMIT);
        contenders.put(CASCADE_10, new Contender(cascade.sending(0.1), List.of(), SUBMIT));
        contenders.put(CASCADE_25, new Contender(cascade.sending(0.25), List.of(), SUBMIT));
        return contenders;
    }

    /** Gives the rates of the stage that scores. */
    private static Map<String, Rounds> compare(Measurements measurements, ClassifyTurns turns) {
        Map<String, Rounds> scoring =
                turns.quantities(measurements, "the stage that scores", "rows/s", ClassifyRun::scoringRate);
        Map<String, Rounds> whole =
                turns.quantities(measurements, "the whole process", "rows/s", ClassifyRun::wholeRate);
        turns.quantities(
                measurements, "most resident memory", "MB", run -> run.use().residentBytes() / 1e6);
        for (Pair pair : PAIRS) {
            measurements.ratio(
                    "the stage that scores: " + pair.inWords(),
                    scoring.get(pair.ours()).to(scoring.get(pair.theirs())),
                    pair.wanted());
            measurements.ratio(
                    "the whole process: " + pair.inWords(),
                    whole.get(pair.ours()).to(whole.get(pair.theirs())),
                    OptionalDouble.empty());
        }
        measurements.note("How many rows a cascade can send on and keep its accuracy is the matter of"
                + " [leaderboards.md](leaderboards.md), not of this table: its linear model is trained on these made-up products, its"
                + " network is not trained, and its threshold is the one that sends such a share.");
        return scoring;
    }

    /** How much of what the processor can multiply at all is of use to a row. */
    private static void shares(
            Measurements measurements,
            Map<String, Rounds> scoring,
            Map<MatrixProduct, List<Double>> ceilings,
            int rows) {
        double flops = IntStream.range(0, rows)
                .mapToDouble(row -> Flops.ofText(BaseSizeBundle.CONFIG, MadeUpCatalog.length((row + 0.5) / rows)))
                .average()
                .orElseThrow();
        new TreeMap<>(Map.of(ONNX, MatrixProduct.FLOAT32, INT8, MatrixProduct.INT8)).forEach((contender, product) -> {
            Rounds useful = new Rounds(scoring.get(contender).values().stream()
                    .map(rate -> rate * flops)
                    .toList());
            measurements.ratio(
                    "the stage that scores: " + contender + ", share of the best rate of a matrix product",
                    useful.to(new Rounds(ceilings.get(product))),
                    OptionalDouble.of(WANTED_SHARE));
        });
    }

    /** Engines of one precision have to agree; where they do not, their speeds are no comparison. */
    private static void agree(Measurements measurements, ClassifyTurns turns) {
        for (String other : List.of(AS_IT_COMES, ONNX, INT8)) {
            Agreement agreement = LocalSpark.with(
                    session -> Agreement.of(session, turns.predictions(TUNED), turns.predictions(other)));
            if (!agreement.isMet() && !other.equals(INT8)) {
                throw new UserException("Cannot compare " + TUNED + " with " + other + ": found " + agreement.inWords()
                        + " Expected none. They do not compute the same.");
            }
            measurements.note(TUNED + " and " + other + ": " + agreement.inWords());
        }
    }
}
