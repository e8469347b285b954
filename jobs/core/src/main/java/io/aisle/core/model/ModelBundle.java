package io.aisle.core.model;

import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A directory that holds everything needed to score, immutable once {@link BundleWriter} has finished it: {@code manifest.json},
 * {@code vocab.txt}, {@code labels.txt}, {@code model.onnx}, a model card, and what else its manifest lists.
 *
 * <p>{@link #open} verifies all of it, so that nothing is scored by a bundle that is damaged or of another age. It keeps no file open.
 */
public final class ModelBundle {
    static final String VOCABULARY_FILE = "vocab.txt";
    static final String LABELS_FILE = "labels.txt";
    static final String MODEL_FILE = "model.onnx";
    static final String CARD_FILE = "README.md";

    private static final List<String> REQUIRED = List.of(VOCABULARY_FILE, LABELS_FILE, MODEL_FILE);
    /** Between processors and library versions logits differ by about 1e-5; a real difference is far greater. */
    private static final float PROBE_TOLERANCE = 1e-3f;

    private static final int VERSION_DIGITS = 12;
    private static final String COPY_AGAIN = "It is damaged or was changed: copy the bundle again, or train again.";

    private final Path directory;
    private final ModelManifest manifest;
    private final byte[] manifestBytes;
    private final String hash;
    private final Vocabulary vocabulary;

    private ModelBundle(Path directory, ModelManifest manifest, byte[] manifestBytes, Vocabulary vocabulary) {
        this.directory = directory;
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.hash = Sha256.hex(manifestBytes);
        this.vocabulary = vocabulary;
    }

    /**
     * Opens a bundle and verifies it: format and recipe version, the sha256 of every file, that labels, vocabulary and network fit
     * together, and that the probes get the logits they got when it was written.
     *
     * <p>Reads every file once and runs the network on a few short batches.
     *
     * @throws UserException saying what was found and what was expected
     */
    public static ModelBundle open(Path directory) {
        try {
            byte[] json = manifestBytes(directory);
            ModelManifest manifest = ManifestJson.read(json, opening(directory));
            checkFiles(directory, manifest.files());
            checkLabels(directory, manifest.model().labels());
            Vocabulary vocabulary = Vocabulary.read(directory.resolve(VOCABULARY_FILE));
            checkVocabulary(opening(directory), vocabulary, manifest.model());
            ModelBundle bundle = new ModelBundle(directory, manifest, json, vocabulary);
            try (DistilBertClassifier classifier = DistilBertClassifier.open(bundle, 1)) {
                checkProbes(opening(directory), classifier, manifest.probes());
            }
            return bundle;
        } catch (IOException e) {
            throw unreadable(opening(directory), e);
        }
    }

    private static UserException unreadable(String attempt, IOException e) {
        return new UserException(
                "Cannot " + attempt + ": found a file that cannot be read (" + e
                        + "), expected readable files. Check the permissions.",
                e);
    }

    /**
     * Opens a bundle's network where the rest of the bundle is not: from a copy of {@link #modelFile}, verified by its hash and by the
     * probes, since another machine may calculate otherwise.
     *
     * @param manifest the bytes of {@link #manifestBytes}
     * @param threads how many threads of the CPU one call may use
     * @throws UserException saying what was found and what was expected
     */
    public static Classifier openNetwork(
            byte[] manifest, Vocabulary vocabulary, Path network, int threads, Device device) {
        String attempt = "open the network " + network;
        ModelManifest read = ManifestJson.read(manifest, attempt);
        try {
            checkHash(attempt, MODEL_FILE, network, read.files().get(MODEL_FILE));
        } catch (IOException e) {
            throw unreadable(attempt, e);
        }
        DistilBertClassifier classifier = DistilBertClassifier.open(network, read.model(), vocabulary, threads, device);
        try {
            checkProbes(attempt, classifier, read.probes());
            return classifier;
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    /**
     * What a bundle says of itself, without verifying the rest of it.
     *
     * @param json the content of its {@value ModelManifest#FILE_NAME}
     * @throws UserException if it is no manifest of this version
     */
    public static ModelManifest readManifest(byte[] json) {
        return ManifestJson.read(json, "read " + ModelManifest.FILE_NAME);
    }

    /** The content of the manifest file. */
    public byte[] manifestBytes() {
        return manifestBytes.clone();
    }

    /** Names this bundle: the first 12 hex digits of {@link #hash}. */
    public String version() {
        return hash.substring(0, VERSION_DIGITS);
    }

    /** The sha256, in hex, of the manifest, which holds that of every other file. */
    public String hash() {
        return hash;
    }

    public Path directory() {
        return directory;
    }

    public ModelManifest manifest() {
        return manifest;
    }

    public TextRecipe recipe() {
        return manifest.model().recipe();
    }

    /** In the order of the network's output. */
    public List<CategoryPath> labels() {
        return manifest.model().labels();
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The network, as {@link OnnxNetwork} opens it. */
    public Path modelFile() {
        return directory.resolve(MODEL_FILE);
    }

    /** The content of {@value #LABELS_FILE}: one rendered path a line. */
    static String labelLines(List<CategoryPath> labels) {
        StringBuilder lines = new StringBuilder();
        for (CategoryPath label : labels) {
            lines.append(label).append('\n');
        }
        return lines.toString();
    }

    static void checkVocabulary(String attempt, Vocabulary vocabulary, ModelDefinition model) {
        if (vocabulary.size() != model.network().vocabularySize()) {
            throw refused(
                    attempt,
                    "a vocabulary of " + vocabulary.size() + " word pieces",
                    model.network().vocabularySize() + ", as many as the network has embeddings",
                    "Train again with the vocabulary of the encoder.");
        }
    }

    private static byte[] manifestBytes(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw refused(
                    opening(directory), "no such directory", "a model bundle", "Give the path of a finished bundle.");
        }
        Path file = directory.resolve(ModelManifest.FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw refused(
                    opening(directory),
                    "an unfinished bundle without " + ModelManifest.FILE_NAME,
                    "the manifest that is written last",
                    "Its training did not end well: train again, or give another bundle.");
        }
        return Files.readAllBytes(file);
    }

    private static void checkFiles(Path directory, Map<String, String> files) throws IOException {
        for (String name : REQUIRED) {
            if (!files.containsKey(name)) {
                throw refused(
                        opening(directory),
                        "a manifest that lists " + files.keySet(),
                        name + " among them",
                        COPY_AGAIN);
            }
        }
        for (Map.Entry<String, String> entry : files.entrySet()) {
            Path file = directory.resolve(entry.getKey()).normalize();
            if (!file.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
                throw refused(
                        opening(directory),
                        "no file " + entry.getKey(),
                        "every file that the manifest lists",
                        COPY_AGAIN);
            }
            checkHash(opening(directory), entry.getKey(), file, entry.getValue());
        }
    }

    private static void checkHash(String attempt, String name, Path file, String expected) throws IOException {
        String found = FileHashes.sha256(file);
        if (!found.equals(expected)) {
            throw refused(attempt, name + " with sha256 " + found, "sha256 " + expected, COPY_AGAIN);
        }
    }

    private static void checkLabels(Path directory, List<CategoryPath> labels) throws IOException {
        String found = Files.readString(directory.resolve(LABELS_FILE));
        if (!found.equals(labelLines(labels))) {
            throw refused(
                    opening(directory),
                    found.lines().count() + " labels in " + LABELS_FILE + ", not those of the manifest",
                    "the same " + labels.size() + " in the same order",
                    COPY_AGAIN);
        }
    }

    private static void checkProbes(String attempt, DistilBertClassifier classifier, List<Probe> probes) {
        List<float[]> logits =
                classifier.logits(probes.stream().map(Probe::product).toList());
        for (int i = 0; i < probes.size(); i++) {
            checkProbe(attempt, probes.get(i), logits.get(i));
        }
    }

    private static void checkProbe(String attempt, Probe probe, float[] found) {
        float[] expected = probe.logits();
        if (found.length != expected.length) {
            throw refused(
                    attempt,
                    expected.length + " logits of " + probe.product().id() + " in the manifest",
                    found.length + ", one a label",
                    COPY_AGAIN);
        }
        for (int label = 0; label < found.length; label++) {
            // written so that NaN is near nothing
            if (!(Math.abs(found[label] - expected[label]) <= PROBE_TOLERANCE)) {
                throw refused(
                        attempt,
                        "logit " + found[label] + " of label " + label + " for "
                                + probe.product().id(),
                        expected[label] + " to within " + PROBE_TOLERANCE,
                        "This machine or this version of Aisle scores otherwise than the one that trained: train again.");
            }
        }
    }

    private static String opening(Path directory) {
        return "open the model bundle " + directory;
    }

    private static UserException refused(String attempt, String found, String expected, String remedy) {
        return new UserException("Cannot " + attempt + ": found " + found + ", expected " + expected + ". " + remedy);
    }
}
