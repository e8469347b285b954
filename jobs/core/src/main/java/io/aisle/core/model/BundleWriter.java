package io.aisle.core.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.Float16Converter;
import io.aisle.core.onnx.Int8Quantizer;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.Product;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes a model bundle in two steps: {@link #write} the files that score; then, when the model has been measured and whatever else
 * belongs in the directory lies in it, {@link #finish} it with the manifest. Until then the directory does not open as a bundle.
 *
 * <p>Equal arguments give equal bytes, and so an equal bundle version.
 */
public final class BundleWriter {
    private final Path directory;
    private final ModelDefinition model;
    private final Scaling scaling;
    private final List<Probe> probes;

    private BundleWriter(Path directory, ModelDefinition model, Scaling scaling, List<Probe> probes) {
        this.directory = directory;
        this.model = model;
        this.scaling = scaling;
        this.probes = probes;
    }

    /** Writes what a kind needs into a bundle's directory. */
    @FunctionalInterface
    public interface Content {
        void write(Path directory) throws IOException;
    }

    /**
     * Writes {@code labels.txt} and what the kind needs, and lets the model answer the probes.
     *
     * @param directory does not exist yet, or is empty
     * @param scaling what was done to the logits
     * @throws UserException if the directory has files, or if the model answers with something that is no number
     */
    public static BundleWriter write(Path directory, ModelDefinition model, Content content, Scaling scaling) {
        try {
            checkEmpty(directory);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(ModelBundle.LABELS_FILE), ModelBundle.labelLines(model.labels()));
            content.write(directory);
            return new BundleWriter(directory, model, scaling, probes(directory, model));
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
    }

    /**
     * The same of a network: {@code vocab.txt} and {@code model.onnx}.
     *
     * @param weights as {@link DistilBertGraph#build} takes them, one classifier output a label
     * @param scaling what is done to the logits
     * @throws UserException also if definition, vocabulary and weights do not fit together
     */
    public static BundleWriter write(
            Path directory,
            NetworkDefinition model,
            Vocabulary vocabulary,
            Map<String, Tensor> weights,
            Scaling scaling) {
        BundledNetwork.checkVocabulary("write the model bundle " + directory, vocabulary, model);
        ModelProto graph = DistilBertGraph.build(
                model.network(), weights, scaling.temperature(), scaling.scales(), scaling.offsets());
        return write(
                directory,
                model,
                bundle -> {
                    vocabulary.write(bundle.resolve(BundledNetwork.VOCABULARY_FILE));
                    Path modelFile = bundle.resolve(BundledNetwork.MODEL_FILE);
                    try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(modelFile))) {
                        graph.writeTo(output);
                    }
                },
                scaling);
    }

    /**
     * The same model with its networks in int8 or float16, and what its reports compare with.
     *
     * @param precision int8 or float16
     * @param texts for int8, products like those it will read, whose fields the recipe has cleaned: what its layers read of them fixes their
     *     scales
     * @throws UserException also if it has no network, or is not in float32
     */
    public static BundleWriter quantized(Path directory, ModelBundle source, Precision precision, List<Product> texts) {
        ModelDefinition model = source.manifest().model();
        Map<String, NetworkDefinition> networks = model.networks();
        String attempt = "quantise the model bundle " + source.directory();
        if (networks.isEmpty()) {
            throw ModelBundle.refused(
                    attempt,
                    "no network in its kind " + model.kind(),
                    "one that reads word pieces",
                    "Give a bundle of kind distilbert, distilbert-frozen, or a cascade or stack with one.");
        }
        if (model.precision() != Precision.FLOAT32) {
            throw ModelBundle.refused(
                    attempt,
                    Settings.choiceName(model.precision()) + " already",
                    "float32",
                    "Use it as it is, or give the bundle that it was made of.");
        }
        return write(
                directory,
                model.in(precision),
                bundle -> {
                    source.copyModel(bundle);
                    networks.forEach((place, network) -> {
                        BundledNetwork from =
                                BundledNetwork.of(source.directory().resolve(place), network);
                        Path to = bundle.resolve(place).resolve(BundledNetwork.MODEL_FILE);
                        switch (precision) {
                            case INT8 -> Int8Quantizer.quantize(from.modelFile(), ids(from, texts), to);
                            case FLOAT16 -> Float16Converter.convert(from.modelFile(), to);
                            case FLOAT32 ->
                                throw new IllegalArgumentException(
                                        "Cannot " + attempt + ": found float32, expected int8 or float16");
                        }
                    });
                    Path seen = source.directory().resolve(ModelBundle.SEEN_FILE);
                    if (Files.exists(seen)) {
                        Files.copy(seen, bundle.resolve(ModelBundle.SEEN_FILE));
                    }
                },
                source.manifest().scaling());
    }

    private static List<int[]> ids(BundledNetwork network, List<Product> texts) {
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(network.vocabulary());
        NetworkDefinition model = network.model();
        return texts.stream()
                .map(product -> model.recipe()
                        .fit(product, tokenizer, model.maxTokens())
                        .ids())
                .toList();
    }

    /**
     * The writer of a bundle that nobody has seen yet, to finish it once more when it has been measured.
     *
     * @param bundle whose manifest goes until then
     */
    public static BundleWriter reopen(ModelBundle bundle) {
        try {
            Files.delete(bundle.directory().resolve(ModelManifest.FILE_NAME));
        } catch (IOException e) {
            throw notWritable(bundle.directory(), e);
        }
        ModelManifest manifest = bundle.manifest();
        return new BundleWriter(bundle.directory(), manifest.model(), manifest.scaling(), manifest.probes());
    }

    /** Where it writes. */
    public Path directory() {
        return directory;
    }

    /** Opens what was written, to measure it. */
    public Classifier classifier() {
        return model.open(directory, 1, Device.CPU);
    }

    /** The same of a model whose training nobody will ask about. */
    public ModelBundle finish(
            Provenance provenance, Map<String, Double> metrics, double acceptThreshold, double targetPrecision) {
        return finish(provenance, metrics, TrainingSummary.NONE, acceptThreshold, targetPrecision);
    }

    /**
     * Writes {@code README.md}, then {@code manifest.json} with the hash of every file that the directory holds, and opens the bundle,
     * which verifies it.
     *
     * @param metrics on the validation rows, by name; NaN where one is undefined
     * @param training on what, and how it went
     * @param acceptThreshold a prediction is accepted where its confidence is at or above this; above 1 accepts none
     * @param targetPrecision the precision for which the threshold was chosen
     */
    public ModelBundle finish(
            Provenance provenance,
            Map<String, Double> metrics,
            TrainingSummary training,
            double acceptThreshold,
            double targetPrecision) {
        Path manifestFile = directory.resolve(ModelManifest.FILE_NAME);
        if (Files.exists(manifestFile)) {
            throw new IllegalStateException("Cannot finish the model bundle " + directory + ": it is finished already");
        }
        try {
            Path partial = directory.resolve(ModelManifest.FILE_NAME + ".partial");
            Files.deleteIfExists(partial);
            ModelCard card = new ModelCard(
                    model, provenance, new TreeMap<>(metrics), training, acceptThreshold, targetPrecision);
            Files.writeString(directory.resolve(ModelBundle.CARD_FILE), card.markdown());
            ModelManifest manifest = new ModelManifest(
                    ModelManifest.FORMAT_VERSION,
                    model,
                    FileHashes.under(directory),
                    provenance,
                    new TreeMap<>(metrics),
                    training,
                    scaling,
                    acceptThreshold,
                    targetPrecision,
                    probes);
            Files.write(partial, ManifestJson.write(manifest));
            Files.move(partial, manifestFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
        return ModelBundle.open(directory);
    }

    private static List<Probe> probes(Path directory, ModelDefinition model) {
        List<Product> products = ProbeProducts.all();
        List<float[]> logits;
        try (Classifier classifier = model.open(directory, 1, Device.CPU)) {
            logits = classifier.logits(products);
        }
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < products.size(); i++) {
            for (float logit : logits.get(i)) {
                if (!Float.isFinite(logit)) {
                    throw new UserException("Cannot write the model bundle " + directory + ": found logit "
                            + logit + " for " + products.get(i).id()
                            + ", expected numbers. The training diverged: lower its"
                            + " learning rate.");
                }
            }
            probes.add(new Probe(products.get(i), logits.get(i)));
        }
        return probes;
    }

    private static UserException notWritable(Path directory, IOException cause) {
        return new UserException(
                "Cannot write the model bundle " + directory + ": found " + cause
                        + ", expected a place to write. Check its permissions and free space.",
                cause);
    }

    private static void checkEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new UserException("Cannot write the model bundle " + directory
                    + ": found a file there, expected nothing or an empty directory. Give another path.");
        }
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> first = files.sorted().findFirst();
            if (first.isPresent()) {
                throw new UserException("Cannot write the model bundle " + directory + ": found "
                        + first.get().getFileName()
                        + " there, expected nothing or an empty directory. Give another path.");
            }
        }
    }
}
