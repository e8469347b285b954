package io.aisle.bench;

import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.FittedText;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How fast products become the ids that a network reads, beside Hugging Face's tokenizer, one thread each. A round is a JVM of its own for
 * each contender, in turns.
 */
final class TextBench implements Bench {
    private static final double WANTED = 3;
    private static final long VOCABULARY_SEED = 7;
    private static final int DEFAULT_ROUNDS = 5;

    private static final String FIT = "fit";
    private static final String WORD_PIECE = "wordPiece";

    /** Methods of {@link TextBenchmarks}, and what they are called in the table. */
    private static final Map<String, String> OURS = inOrder(
            "clean",
            "cleaning (TextCleaner, four fields)",
            FIT,
            "recipe and WordPiece (TextRecipe.fit, cleaned fields to ids)",
            WORD_PIECE,
            "WordPieceTokenizer alone, on the recipe's text");

    private static final Map<String, String> THEIRS = inOrder(
            "huggingFace", "Hugging Face, encode",
            "huggingFaceBatch", "Hugging Face, batchEncode of 100",
            "huggingFaceIdsAlone", "Hugging Face, encode, ids alone",
            "huggingFaceBatchIdsAlone", "Hugging Face, batchEncode of 100, ids alone");

    private static Map<String, String> inOrder(String... methodsAndNames) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < methodsAndNames.length; i += 2) {
            names.put(methodsAndNames[i], methodsAndNames[i + 1]);
        }
        return names;
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Measurements measure(List<String> options) throws IOException {
        int rounds = WholeNumbers.read(name(), options, DEFAULT_ROUNDS).get(0);
        HuggingFacePeer.requireOneThread();
        // another bench's lock is no reason to refuse: nothing else should be at work, and the user was told
        System.setProperty("jmh.ignoreLock", "true");
        Vocabulary vocabulary = ProductTexts.vocabulary(Quantiles.ofMwpd(), VOCABULARY_SEED);
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        long checked = 0;
        try (TemporaryDirectory directory = TemporaryDirectory.create("aisle-text-bench-");
                HuggingFacePeer peer = HuggingFacePeer.open(vocabulary)) {
            Path file = directory.path().resolve("vocab.txt");
            vocabulary.write(file);
            for (int round = 0; round < rounds; round++) {
                for (int iteration = 1; iteration <= TextBenchmarks.ITERATIONS; iteration++) {
                    checked += requireIdenticalIds(
                            TextBenchmarks.products(vocabulary, round, TextBenchmarks.WARMUPS + iteration),
                            vocabulary,
                            peer);
                }
                for (String method : methods()) {
                    rates.computeIfAbsent(method, first -> new ArrayList<>())
                            .add(productsPerSecond(method, file, round));
                }
            }
        }
        Measurements measurements = measurements(rates, checked);
        measurements.condition(
                "words that our tokenizer had not met before",
                String.format(Locale.ROOT, "%.1f%%", 100 * shareOfNewWords(vocabulary)));
        return measurements;
    }

    private static List<String> methods() {
        List<String> methods = new ArrayList<>(OURS.keySet());
        methods.addAll(THEIRS.keySet());
        return methods;
    }

    private static Measurements measurements(Map<String, List<Double>> rates, long checked) {
        Measurements measurements = new Measurements();
        measurements.condition("texts a round", TextBenchmarks.PRODUCTS * TextBenchmarks.ITERATIONS);
        measurements.condition("token limit", TextBenchmarks.MAX_TOKENS);
        measurements.condition("length of the texts", "that of MWPD 2020, made-up words");
        measurements.condition("threads", 1);
        Map<String, Rounds> quantities = new LinkedHashMap<>();
        OURS.forEach(
                (method, name) -> quantities.put(method, measurements.quantity(name, "products/s", rates.get(method))));
        THEIRS.forEach(
                (method, name) -> quantities.put(method, measurements.quantity(name, "products/s", rates.get(method))));
        String best = THEIRS.keySet().stream()
                .max(Comparator.comparingDouble(method -> quantities.get(method).median()))
                .orElseThrow();
        measurements.ratio(
                "recipe and WordPiece to Hugging Face's best",
                quantities.get(FIT).to(quantities.get(best)),
                OptionalDouble.of(WANTED));
        measurements.ratio(
                "WordPieceTokenizer alone to Hugging Face's best",
                quantities.get(WORD_PIECE).to(quantities.get(best)),
                OptionalDouble.empty());
        measurements.note("Hugging Face's best is: " + THEIRS.get(best) + ". Ids were compared for all " + checked
                + " texts that were measured, and are the same. Every text was read once, by tokenizers that had read "
                + TextBenchmarks.PRODUCTS * TextBenchmarks.WARMUPS + " others. Ours remembers words.");
        return measurements;
    }

    /** Of the words that are measured in the first round, in the order in which they are met. */
    private static double shareOfNewWords(Vocabulary vocabulary) {
        TextRecipe recipe = TextRecipe.standard();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        Set<String> met = new HashSet<>();
        long words = 0;
        long fresh = 0;
        for (int iteration = 1; iteration <= TextBenchmarks.WARMUPS + TextBenchmarks.ITERATIONS; iteration++) {
            for (Product product : TextBenchmarks.products(vocabulary, 0, iteration)) {
                FittedText fitted = recipe.fit(recipe.clean(product), tokenizer, TextBenchmarks.MAX_TOKENS);
                for (String word : BasicTokenizer.words(fitted.text())) {
                    boolean isNew = met.add(word);
                    if (iteration > TextBenchmarks.WARMUPS) {
                        words++;
                        fresh += isNew ? 1 : 0;
                    }
                }
            }
        }
        return (double) fresh / words;
    }

    /**
     * Checks that the recipe's ids of products are those of the peer for the recipe's text.
     *
     * @return how many distinct texts there were
     */
    static long requireIdenticalIds(List<Product> products, Vocabulary vocabulary, HuggingFacePeer peer) {
        TextRecipe recipe = TextRecipe.standard();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        Set<String> texts = new HashSet<>();
        for (Product product : products) {
            FittedText fitted = recipe.fit(recipe.clean(product), tokenizer, TextBenchmarks.MAX_TOKENS);
            long[] ours = Arrays.stream(fitted.ids()).asLongStream().toArray();
            for (long[] theirs : List.of(peer.encode(fitted.text()), peer.idsAlone(fitted.text()))) {
                if (!Arrays.equals(ours, theirs)) {
                    throw new UserException("Cannot compare tokenizers: found ids " + Arrays.toString(ours) + " of "
                            + product.id() + ", expected " + Arrays.toString(theirs)
                            + ", those of Hugging Face. Mend the tokenizer first.");
                }
            }
            texts.add(fitted.text());
        }
        return texts.size();
    }

    private static double productsPerSecond(String method, Path vocabulary, int round) {
        try {
            double seconds = new Runner(new OptionsBuilder()
                            .include(TextBenchmarks.class.getName().replace(".", "\\.") + "\\." + method + "$")
                            .param("vocabulary", vocabulary.toString())
                            .param("round", Integer.toString(round))
                            .forks(1)
                            .warmupIterations(TextBenchmarks.WARMUPS)
                            .measurementIterations(TextBenchmarks.ITERATIONS)
                            .threads(1)
                            .jvmArgs("-Xms1g", "-Xmx1g", "-Dfile.encoding=UTF-8")
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .runSingle()
                    .getPrimaryResult()
                    .getScore();
            System.out.printf("round %d, %s: %,.0f products/s%n", round + 1, method, 1 / seconds);
            return 1 / seconds;
        } catch (RunnerException e) {
            throw new IllegalStateException("Cannot measure " + method + " by JMH", e);
        }
    }
}
