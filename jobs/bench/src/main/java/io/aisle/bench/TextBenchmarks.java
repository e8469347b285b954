package io.aisle.bench;

import io.aisle.core.product.Product;
import io.aisle.core.text.FittedText;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What {@link TextBench} has JMH run: every iteration is one pass over products that were never met before, so that what a tokenizer
 * remembers helps it as much as in a nightly run and no more.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TextBenchmarks {
    static final int PRODUCTS = 1_000;
    static final int WARMUPS = 20;
    static final int ITERATIONS = 5;
    static final int MAX_TOKENS = 128;

    private static final int BATCH = 100;
    private static final TextRecipe RECIPE = TextRecipe.standard();

    /** The products of an iteration, counted from 1 with those that warm up, of a round, counted from 0. */
    static List<Product> products(Vocabulary vocabulary, int round, int iteration) {
        return ProductTexts.of(Quantiles.ofMwpd(), vocabulary).products(1_000L * (round + 1) + iteration, PRODUCTS);
    }

    /** The next products, in every form that something is measured on. */
    @State(Scope.Thread)
    public static class Inputs {
        /** Path of a vocab.txt. */
        @Param("")
        public String vocabulary;

        @Param("0")
        public int round;

        private Vocabulary pieces;
        private int iteration;
        private List<Product> raw;
        private List<Product> cleaned;
        private List<String> texts;

        @Setup(Level.Trial)
        public void readVocabulary() {
            pieces = Vocabulary.read(Path.of(vocabulary));
        }

        @Setup(Level.Iteration)
        public void takeNext() {
            iteration++;
            raw = products(pieces, round, iteration);
            cleaned = raw.stream().map(RECIPE::clean).toList();
            // not that which is measured: it would remember the words
            WordPieceTokenizer other = new WordPieceTokenizer(pieces);
            texts = cleaned.stream()
                    .map(product -> RECIPE.fit(product, other, MAX_TOKENS).text())
                    .toList();
        }
    }

    /** Ours, which remembers words from one iteration to the next as it does in a task. */
    @State(Scope.Thread)
    public static class Ours {
        private WordPieceTokenizer tokenizer;

        @Setup(Level.Trial)
        public void open(Inputs inputs) {
            tokenizer = new WordPieceTokenizer(inputs.pieces);
        }
    }

    /** The peer. */
    @State(Scope.Thread)
    public static class Theirs {
        private HuggingFacePeer peer;

        @Setup(Level.Trial)
        public void open(Inputs inputs) throws IOException {
            peer = HuggingFacePeer.open(inputs.pieces);
        }

        @TearDown(Level.Trial)
        public void close() {
            peer.close();
        }
    }

    /** Raw fields to cleaned ones. */
    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void clean(Inputs inputs, Blackhole sink) {
        for (Product product : inputs.raw) {
            sink.consume(RECIPE.clean(product));
        }
    }

    /** Cleaned fields to ids, cut to the limit. */
    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void fit(Inputs inputs, Ours ours, Blackhole sink) {
        for (Product product : inputs.cleaned) {
            FittedText fitted = RECIPE.fit(product, ours.tokenizer, MAX_TOKENS);
            sink.consume(fitted);
        }
    }

    /** Texts, already cut, to ids. */
    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void wordPiece(Inputs inputs, Ours ours, Blackhole sink) {
        for (String text : inputs.texts) {
            sink.consume(ours.tokenizer.encode(text));
        }
    }

    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void huggingFace(Inputs inputs, Theirs theirs, Blackhole sink) {
        for (String text : inputs.texts) {
            sink.consume(theirs.peer.encode(text));
        }
    }

    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void huggingFaceBatch(Inputs inputs, Theirs theirs, Blackhole sink) {
        for (int start = 0; start < PRODUCTS; start += BATCH) {
            sink.consume(theirs.peer.batchEncode(inputs.texts.subList(start, start + BATCH)));
        }
    }

    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void huggingFaceIdsAlone(Inputs inputs, Theirs theirs, Blackhole sink) {
        for (String text : inputs.texts) {
            sink.consume(theirs.peer.idsAlone(text));
        }
    }

    @Benchmark
    @OperationsPerInvocation(PRODUCTS)
    public void huggingFaceBatchIdsAlone(Inputs inputs, Theirs theirs, Blackhole sink) {
        for (int start = 0; start < PRODUCTS; start += BATCH) {
            sink.consume(theirs.peer.batchIdsAlone(inputs.texts.subList(start, start + BATCH)));
        }
    }
}
