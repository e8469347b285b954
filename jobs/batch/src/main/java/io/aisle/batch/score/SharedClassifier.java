package io.aisle.batch.score;

import io.aisle.core.UserException;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.ModelBundle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One classifier, and so one ONNX session, a bundle and JVM, shared by its tasks. It is verified as it is opened. */
final class SharedClassifier {
    private static final Map<String, Classifier> OPEN = new ConcurrentHashMap<>();

    private SharedClassifier() {}

    /**
     * The classifier of a bundle.
     *
     * @param hash of the bundle that the driver verified; another one at the same path is refused
     */
    static Classifier of(Path directory, String hash, int threads) {
        return OPEN.computeIfAbsent(hash, absent -> {
            ModelBundle bundle = ModelBundle.open(directory);
            if (!bundle.hash().equals(hash)) {
                throw new UserException("Cannot score with " + directory + ": found a bundle with hash " + bundle.hash()
                        + ", expected " + hash + " as on the driver. Give every machine the same bundle.");
            }
            return DistilBertClassifier.open(bundle, threads);
        });
    }
}
