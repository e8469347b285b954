package io.aisle.batch.train.frozen;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest.ClassRows;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Encoding;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.VocabularyLearner;
import io.aisle.training.InitialWeights;
import io.aisle.training.encoder.Encoder;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A generated catalog as prepare leaves it, and an encoder with random weights that knows its words: once a JVM, never to be changed. */
final class SmallEncoder {
    static final int MAX_TOKENS = 40;
    static final String FINGERPRINT = "small, random weights from seed 5";

    private static final class Shared {
        static final Path DIRECTORY = Fixtures.fresh("frozen");
        static final PreparedData PREPARED = prepare();
        static final Encoder ENCODER = encoder();

        private static PreparedData prepare() {
            String catalog = DIRECTORY.resolve("catalog").toString();
            String prepared = preparedUri();
            AisleRun.succeeding("generate", "--rows", "800", "--classes", "24", "--output", catalog);
            AisleRun.succeeding("prepare", "--input", catalog, "--min-class-size", "30", "--output", prepared);
            return PreparedData.open(TestSession.get(), prepared);
        }

        private static Encoder encoder() {
            Map<String, Long> words = new HashMap<>();
            for (Row row : PREPARED.rows(Split.TRAIN).select("text").collectAsList()) {
                BasicTokenizer.words(row.getString(0)).forEach(word -> words.merge(word, 1L, Long::sum));
            }
            Vocabulary vocabulary = VocabularyLearner.learn(words, 1_000);
            DistilBertConfig config =
                    new DistilBertConfig(vocabulary.size(), MAX_TOKENS, 48, 2, 2, 96, Pooling.CLS_AND_MEAN);
            SortedMap<String, Tensor> weights = InitialWeights.random(config, 1, 5);
            weights.keySet().removeIf(name -> name.startsWith("classifier."));
            weights.forEach(Shared::amplify);
            return new Encoder(config, vocabulary, weights);
        }

        /** Initial weights are so small that [CLS] hardly sees its text, which no head could do with in float32. */
        private static void amplify(String name, Tensor weight) {
            if (weight.shape().length == 2) {
                for (int i = 0; i < weight.values().length; i++) {
                    weight.values()[i] *= 10;
                }
            }
        }
    }

    private SmallEncoder() {}

    static PreparedData prepared() {
        return Shared.PREPARED;
    }

    static String preparedUri() {
        return Shared.DIRECTORY.resolve("prepared").toString();
    }

    static Encoder get() {
        return Shared.ENCODER;
    }

    static List<String> labels() {
        return prepared().manifest().classes().stream()
                .map(ClassRows::label)
                .sorted()
                .toList();
    }

    /** Sent to the executors. */
    static Encoding encoding() {
        return Encoding.open(
                TestSession.get(),
                get().config(),
                get().weights(),
                prepared().manifest().recipe(),
                get().vocabulary(),
                MAX_TOKENS);
    }

    static FeatureCache cache(Path directory) {
        return cache(TestSession.get(), directory.toString());
    }

    static FeatureCache cache(SparkSession spark, String root) {
        return FeatureCache.open(spark, root, FINGERPRINT, prepared().manifest().recipe(), MAX_TOKENS);
    }

    /** One that says nothing. */
    static JobContext context() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new JobContext(
                TestSession.get(),
                new JobLog(nowhere, nowhere, Clock.systemUTC()),
                new RunMeter(TestSession.get().sparkContext(), Double.NaN));
    }
}
