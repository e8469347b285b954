package io.aisle.batch;

import io.aisle.core.model.ModelBundle;
import java.nio.file.Path;

/** A generated catalog, what prepare makes of it, and a bundle that train made of that: once a JVM, never to be changed. */
public final class TrainedBundle {
    public static final int CLASSES = 24;
    public static final int ROWS = 1_200;

    /** Apart from the bundle, so that who needs no network waits for none. */
    private static final class Prepared {
        static final Path DIRECTORY = Fixtures.fresh("trained");
        static final Path CATALOG = DIRECTORY.resolve("catalog");
        static final Path PREPARED = prepare();

        private static Path prepare() {
            Path prepared = DIRECTORY.resolve("prepared");
            AisleRun.succeeding(
                    "generate", "--rows", "" + ROWS, "--classes", "" + CLASSES, "--output", CATALOG.toString());
            AisleRun.succeeding(
                    "prepare",
                    "--input",
                    CATALOG.toString(),
                    "--min-class-size",
                    "30",
                    "--output",
                    prepared.toString());
            return prepared;
        }
    }

    private static final class Shared {
        static final Path BUNDLE = Prepared.DIRECTORY.resolve("bundle");
        static final String TRAIN_OUT = train();

        private static String train() {
            return AisleRun.succeeding(
                            "train",
                            "--data",
                            Prepared.PREPARED.toString(),
                            "--epochs",
                            "3",
                            "--max-tokens",
                            "48",
                            "--set",
                            "train.vocabulary-size=1200",
                            "--set",
                            "train.threads=1",
                            "--output",
                            BUNDLE.toString())
                    .out();
        }
    }

    private TrainedBundle() {}

    public static Path catalog() {
        return Prepared.CATALOG;
    }

    public static Path prepared() {
        return Prepared.PREPARED;
    }

    public static ModelBundle get() {
        return ModelBundle.open(Shared.BUNDLE);
    }

    /** What train said. */
    public static String trainOut() {
        return Shared.TRAIN_OUT;
    }
}
