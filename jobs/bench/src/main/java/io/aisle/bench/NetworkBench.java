package io.aisle.bench;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.batch.Flops;
import io.aisle.core.UserException;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.training.TorchClassifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast the engine onnx reads texts through a network of DistilBERT base's size, beside the same network in LibTorch, beside what ONNX
 * Runtime can multiply on this machine at all, and where the rest of its time goes.
 */
final class NetworkBench implements Bench {
    private static final int DEFAULT_ROUNDS = 3;
    private static final int DEFAULT_TEXTS = 96;
    private static final int MAX_TOKENS = 128;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final long SEED = 2;

    private static final double TOLERANCE = 1e-3;
    /** Weights of chance, which no training made indifferent to small errors: it tells that they are the same weights, and no more. */
    private static final double TOLERANCE_INT8 = 2;

    private static final double WANTED_SHARE = 0.75;
    private static final double WANTED_TO_LIBTORCH_ON_AMD = 1.6;
    private static final double WANTED_TO_LIBTORCH = 0.9;
    private static final String PEER = "LibTorch, operation by operation, all threads";

    @Override
    public String name() {
        return "network";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException {
        List<Integer> numbers = WholeNumbers.read(name(), options, DEFAULT_ROUNDS, DEFAULT_TEXTS);
        int rounds = numbers.get(0);
        int texts = numbers.get(1);
        List<Product> products = NumberTexts.products(Quantiles.ofMwpd(), MAX_TOKENS, texts, SEED);
        try (TemporaryDirectory directory = TemporaryDirectory.create("aisle-network-bench-")) {
            ModelBundle bundle = BaseSizeBundle.write(directory.path().resolve("model"), MAX_TOKENS);
            ModelBundle int8 = Int8Bundle.of(bundle, directory.path().resolve("int8"), MAX_TOKENS);
            TextBatches batches = new TextBatches(bundle);
            try (Classifier together = bundle.classifier(THREADS);
                    Classifier alone = bundle.classifier(1);
                    Classifier aloneInt8 = int8.classifier(1);
                    Callers callers = new Callers(THREADS);
                    TorchClassifier torch = TorchClassifier.open(
                            BaseSizeBundle.CONFIG, BaseSizeBundle.weights(BaseSizeBundle.LABELS), THREADS)) {
                // the first is what the others' answers are held against; a further engine is a line more
                List<Contender> contenders = List.of(
                        new Contender("onnx, one caller with all threads", together::logits, MatrixProduct.FLOAT32, 0),
                        new Contender(
                                "onnx, a caller a core with a thread each",
                                of -> callers.ask(alone::logits, of),
                                MatrixProduct.FLOAT32,
                                TOLERANCE),
                        new Contender(
                                "onnx in int8, a caller a core with a thread each",
                                of -> callers.ask(aloneInt8::logits, of),
                                MatrixProduct.INT8,
                                TOLERANCE_INT8),
                        new Contender(
                                PEER,
                                of -> batches.read(of, torch::logProbabilities),
                                MatrixProduct.FLOAT32,
                                TOLERANCE));
                return measure(contenders, products, batches, rounds, directory);
            }
        }
    }

    private static Measurements measure(
            List<Contender> contenders,
            List<Product> products,
            TextBatches batches,
            int rounds,
            TemporaryDirectory directory)
            throws IOException {
        requireAgreement(contenders, products);
        Map<MatrixProduct, Ceiling> ceilings = new EnumMap<>(MatrixProduct.class);
        Map<MatrixProduct, List<Double>> ceilingRates = new EnumMap<>(MatrixProduct.class);
        Map<Contender, List<Double>> rates = new LinkedHashMap<>();
        Map<OperatorProfile.Kind, List<Double>> shares = new EnumMap<>(OperatorProfile.Kind.class);
        try {
            for (MatrixProduct product : MatrixProduct.values()) {
                Ceiling ceiling = Ceiling.open(
                        product, BaseSizeBundle.CONFIG, DistilBertClassifier.BATCH_SIZE * MAX_TOKENS, THREADS);
                ceilings.put(product, ceiling);
                // warms up
                ceiling.operationsPerSecond();
            }
            for (int round = 0; round < rounds; round++) {
                ceilings.forEach((product, ceiling) -> add(ceilingRates, product, ceiling.operationsPerSecond() / 1e9));
                for (Contender contender : contenders) {
                    add(rates, contender, textsPerSecond(contender, products));
                }
                OperatorProfile.shares(batches.model(), batches.of(products), THREADS, directory.path())
                        .forEach((kind, share) -> add(shares, kind, share));
            }
        } finally {
            ceilings.values().forEach(Ceiling::close);
        }
        double flops = batches.ids(products).stream()
                .mapToDouble(ids -> Flops.ofText(BaseSizeBundle.CONFIG, ids.length))
                .sum();
        return measurements(rates, ceilingRates, shares, flops / products.size());
    }

    /** @param flops useful ones of a text, in the mean */
    private static Measurements measurements(
            Map<Contender, List<Double>> rates,
            Map<MatrixProduct, List<Double>> ceilingRates,
            Map<OperatorProfile.Kind, List<Double>> shares,
            double flops)
            throws IOException {
        Measurements measurements = new Measurements();
        boolean isAmd = Processor.isAmdWithAvx512();
        measurements.condition("network", "size of DistilBERT base, random weights");
        measurements.condition("token limit", MAX_TOKENS);
        measurements.condition("length of the texts", "that of MWPD 2020, cut");
        measurements.condition("useful GFLOP a text", Measurements.number(flops / 1e9));
        measurements.condition("threads", THREADS);
        measurements.condition("AMD with AVX-512", isAmd ? "yes" : "no");
        Map<String, Rounds> texts = new LinkedHashMap<>();
        rates.forEach((contender, values) ->
                texts.put(contender.name(), measurements.quantity(contender.name(), "texts/s", values)));
        Map<MatrixProduct, Rounds> ceilings = new EnumMap<>(MatrixProduct.class);
        ceilingRates.forEach((product, values) -> ceilings.put(
                product,
                measurements.quantity(
                        "best rate of " + product.operator() + ", " + product.precision(),
                        product == MatrixProduct.FLOAT32 ? "GFLOP/s" : "GOP/s",
                        values)));
        Map<Contender, Rounds> useful = new LinkedHashMap<>();
        rates.forEach((contender, values) -> useful.put(
                contender,
                measurements.quantity(
                        contender.name() + ", useful",
                        "GFLOP/s",
                        values.stream().map(rate -> rate * flops / 1e9).toList())));
        shares.forEach((kind, values) -> measurements.quantity("share of time in " + kind.title(), "of 1", values));
        rates.keySet().stream()
                .filter(contender -> !contender.name().equals(PEER))
                .forEach(contender -> measurements.ratio(
                        contender.name() + ", to LibTorch in float32",
                        texts.get(contender.name()).to(texts.get(PEER)),
                        contender.product() == MatrixProduct.FLOAT32
                                ? OptionalDouble.of(isAmd ? WANTED_TO_LIBTORCH_ON_AMD : WANTED_TO_LIBTORCH)
                                : OptionalDouble.empty()));
        useful.forEach((contender, rounds) -> measurements.ratio(
                contender.name() + ", share of the best rate in "
                        + contender.product().precision(),
                rounds.to(ceilings.get(contender.product())),
                contender.name().equals(PEER) ? OptionalDouble.empty() : OptionalDouble.of(WANTED_SHARE)));
        measurements.note(
                "Useful are the matrix products of real tokens: padding and all else count as nothing. Shares of time are of the"
                        + " operators of one caller with all threads. Wanted of LibTorch's rate are "
                        + WANTED_TO_LIBTORCH_ON_AMD
                        + " on AMD with AVX-512, by /proc/cpuinfo, and " + WANTED_TO_LIBTORCH + " elsewhere.");
        return measurements;
    }

    private static double textsPerSecond(Contender contender, List<Product> products) {
        long start = System.nanoTime();
        int answers = contender.logits().apply(products).size();
        return answers / ((System.nanoTime() - start) / 1e9);
    }

    private static <K> void add(Map<K, List<Double>> rounds, K of, double value) {
        rounds.computeIfAbsent(of, first -> new ArrayList<>()).add(value);
    }

    /** Warms up too: every contender reads every text. */
    private static void requireAgreement(List<Contender> contenders, List<Product> products) {
        List<float[]> expected = contenders.get(0).logits().apply(products);
        for (Contender contender : contenders.subList(1, contenders.size())) {
            List<float[]> found = contender.logits().apply(products);
            double greatest = 0;
            for (int i = 0; i < products.size(); i++) {
                for (int label = 0; label < expected.get(i).length; label++) {
                    greatest = Math.max(greatest, Math.abs(found.get(i)[label] - expected.get(i)[label]));
                }
            }
            if (!(greatest <= contender.tolerance())) {
                throw new UserException("Cannot compare " + contender.name() + ": found logits up to " + greatest
                        + " from those of " + contenders.get(0).name() + ", expected at most "
                        + contender.tolerance() + ". It is not the same network.");
            }
        }
    }
}
