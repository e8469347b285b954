package io.aisle.core.model;

import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory that holds everything needed to score, immutable once {@link BundleWriter} has finished it: {@code manifest.json},
 * {@code labels.txt}, a model card, what its kind needs ({@code vocab.txt} and {@code model.onnx} of a network, {@code linear/}, {@code
 * trees/} or {@code mlp/} of others, {@code first/} and {@code second/} of a cascade, {@code member-1/} and more of a stack), what reports
 * compare with ({@code seen.bloom}, {@code profile.json}), and what else its manifest lists.
 *
 * <p>{@link #open} verifies all of it, so that nothing is scored by a bundle that is damaged or of another age. It keeps no file open.
 */
public final class ModelBundle {
    static final String LABELS_FILE = "labels.txt";
    static final String CARD_FILE = "README.md";
    /** Which words and brands the train rows had, for reports; bundles made before it was written have none. */
    public static final String SEEN_FILE = "seen.bloom";
    /** What the validation rows are like as a whole, to compare runs with; likewise. */
    public static final String PROFILE_FILE = "profile.json";

    private static final String SPARK_NLP = "spark-nlp/";
    /** Between processors and library versions logits differ by about 1e-5; a real difference is far greater. */
    private static final float PROBE_TOLERANCE = 1e-3f;
    /** Where such a difference falls on the edge between two steps, all of a step comes of it: one of 256 in int8, of 2,048 in float16. */
    private static final float PROBE_TOLERANCE_OF_STEPS = 5e-2f;

    private static final int VERSION_DIGITS = 12;
    private static final String COPY_AGAIN = "It is damaged or was changed: copy the bundle again, or train again.";

    private final Path directory;
    private final ModelManifest manifest;
    private final byte[] manifestBytes;
    private final String hash;

    private ModelBundle(Path directory, ModelManifest manifest, byte[] manifestBytes) {
        this.directory = directory;
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.hash = Sha256.hex(manifestBytes);
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
        Opened opened = openToScore(directory, 1);
        opened.classifier().close();
        return opened.bundle();
    }

    /** A bundle that was verified, and the classifier that answered its probes. */
    public record Opened(ModelBundle bundle, Classifier classifier) {}

    /**
     * The same, and keeps the classifier, to score with.
     *
     * @param threads how many threads of the CPU one call may use
     */
    public static Opened openToScore(Path directory, int threads) {
        ModelBundle bundle = read(directory);
        bundle.checkFiles(bundle.manifest.files().keySet());
        return new Opened(bundle, bundle.verified(threads, Device.CPU));
    }

    /**
     * Opens the classifier of a bundle of which only the {@link #scoringFiles} and the manifest lie in the directory, and verifies it
     * likewise, since another machine may calculate otherwise.
     *
     * @param threads how many threads of the CPU one call may use
     * @param device for its networks
     * @throws UserException saying what was found and what was expected
     */
    public static Classifier openClassifier(Path directory, int threads, Device device) {
        ModelBundle bundle = read(directory);
        bundle.checkFiles(bundle.scoringFiles());
        return bundle.verified(threads, device);
    }

    private static ModelBundle read(Path directory) {
        try {
            byte[] json = manifestBytes(directory);
            return new ModelBundle(directory, ManifestJson.read(json, opening(directory)), json);
        } catch (IOException e) {
            throw unreadable(opening(directory), e);
        }
    }

    /** The classifier, once it has answered the probes as it did when it was written. */
    private Classifier verified(int threads, Device device) {
        checkLabels();
        Classifier classifier = manifest.model().open(directory, threads, device);
        try {
            checkProbes(opening(directory), classifier, manifest);
            return classifier;
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    /**
     * Opens the classifier of a bundle that was verified.
     *
     * @param threads how many threads one call may use
     */
    public Classifier classifier(int threads) {
        return manifest.model().open(directory, threads, Device.CPU);
    }

    private static UserException unreadable(String attempt, IOException e) {
        return new UserException(
                "Cannot " + attempt + ": found a file that cannot be read (" + e
                        + "), expected readable files. Check the permissions.",
                e);
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

    /**
     * The {@link #version} of a bundle of which only the manifest is read.
     *
     * @param json the content of its {@value ModelManifest#FILE_NAME}
     */
    public static String version(byte[] json) {
        return Sha256.hex(json).substring(0, VERSION_DIGITS);
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

    /**
     * The network that it holds.
     *
     * @param attempt what is being done, for the message
     * @param remedy what to do where it is of a kind without one
     * @throws UserException if it is of a kind without one
     */
    public BundledNetwork network(String attempt, String remedy) {
        if (manifest.model() instanceof NetworkDefinition network) {
            return BundledNetwork.of(directory, network);
        }
        throw refused(
                attempt,
                "the model " + directory + " of kind " + manifest.model().kind(),
                "one with a network that reads word pieces",
                remedy);
    }

    /** Copies what its model is opened from, to be part of another bundle. */
    public void copyModel(Path to) throws IOException {
        for (String file : manifest.model().files()) {
            Path copy = to.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(directory.resolve(file), copy);
        }
    }

    /** Those of its files that scoring reads, relative to the directory: all but the card and what reports and other programs read. */
    public SortedSet<String> scoringFiles() {
        return manifest.files().keySet().stream()
                .filter(file -> !file.endsWith(CARD_FILE)
                        && !file.equals(SEEN_FILE)
                        && !file.equals(PROFILE_FILE)
                        && !file.contains(SPARK_NLP))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The content of {@value #LABELS_FILE}: one rendered path a line. */
    static String labelLines(List<CategoryPath> labels) {
        StringBuilder lines = new StringBuilder();
        for (CategoryPath label : labels) {
            lines.append(label).append('\n');
        }
        return lines.toString();
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

    private void checkFiles(Collection<String> files) {
        for (String name : Stream.concat(Stream.of(LABELS_FILE), manifest.model().files().stream())
                .toList()) {
            if (!files.contains(name)) {
                throw refused(opening(directory), "a manifest that lists " + files, name + " among them", COPY_AGAIN);
            }
        }
        try {
            for (String name : files) {
                Path file = directory.resolve(name).normalize();
                if (!file.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
                    throw refused(
                            opening(directory), "no file " + name, "every file that the manifest lists", COPY_AGAIN);
                }
                String found = FileHashes.sha256(file);
                String expected = manifest.files().get(name);
                if (!found.equals(expected)) {
                    throw refused(opening(directory), name + " with sha256 " + found, "sha256 " + expected, COPY_AGAIN);
                }
            }
        } catch (IOException e) {
            throw unreadable(opening(directory), e);
        }
    }

    private void checkLabels() {
        try {
            String found = Files.readString(directory.resolve(LABELS_FILE));
            if (!found.equals(labelLines(labels()))) {
                throw refused(
                        opening(directory),
                        found.lines().count() + " labels in " + LABELS_FILE + ", not those of the manifest",
                        "the same " + labels().size() + " in the same order",
                        COPY_AGAIN);
            }
        } catch (IOException e) {
            throw unreadable(opening(directory), e);
        }
    }

    private static void checkProbes(String attempt, Classifier classifier, ModelManifest manifest) {
        List<Probe> probes = manifest.probes();
        float tolerance =
                manifest.model().precision() == Precision.FLOAT32 ? PROBE_TOLERANCE : PROBE_TOLERANCE_OF_STEPS;
        List<float[]> logits =
                classifier.logits(probes.stream().map(Probe::product).toList());
        for (int i = 0; i < probes.size(); i++) {
            checkProbe(attempt, probes.get(i), logits.get(i), tolerance);
        }
    }

    private static void checkProbe(String attempt, Probe probe, float[] found, float tolerance) {
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
            if (!(Math.abs(found[label] - expected[label]) <= tolerance)) {
                throw refused(
                        attempt,
                        "logit " + found[label] + " of label " + label + " for "
                                + probe.product().id(),
                        expected[label] + " to within " + tolerance,
                        "This machine or this version of Aisle scores otherwise than the one that trained: train again.");
            }
        }
    }

    private static String opening(Path directory) {
        return "open the model bundle " + directory;
    }

    static UserException refused(String attempt, String found, String expected, String remedy) {
        return new UserException("Cannot " + attempt + ": found " + found + ", expected " + expected + ". " + remedy);
    }
}
