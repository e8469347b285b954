package io.aisle.core.model;

import io.aisle.core.linear.LevelClasses;
import io.aisle.core.linear.LinearWeights;
import io.aisle.core.linear.NgramIndex;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.LabelTree;
import io.aisle.core.product.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Scores products by the n-grams of their fields and a bundle's weights, which stay in the file until they are needed. */
public final class LinearClassifier implements Classifier {
    /** Where a bundle keeps it. */
    public static final String DIRECTORY = "linear";

    static final List<String> FILES = Stream.of(
                    NgramIndex.FEATURES_FILE,
                    NgramIndex.IDF_FILE,
                    LinearWeights.DATA_FILE,
                    LinearWeights.INDICES_FILE,
                    LinearWeights.INDPTR_FILE,
                    LinearWeights.BIAS_FILE)
            .map(file -> DIRECTORY + "/" + file)
            .toList();

    private final LinearDefinition model;
    private final LevelClasses classes;
    private final NgramIndex index;
    private final LinearWeights weights;
    /** Each serves one thread at a time. */
    private final Queue<NgramIndex.Reader> idleReaders = new ConcurrentLinkedQueue<>();

    private LinearClassifier(LinearDefinition model, LevelClasses classes, NgramIndex index, LinearWeights weights) {
        this.model = model;
        this.classes = classes;
        this.index = index;
        this.weights = weights;
    }

    /** Opens what lies in a bundle's directory. */
    static LinearClassifier open(Path bundle, LinearDefinition model) {
        Path directory = bundle.resolve(DIRECTORY);
        NgramIndex index = NgramIndex.read(directory, model.ngrams(), model.recipe());
        if (index.size() != model.features()) {
            throw ModelBundle.refused(
                    "open the model bundle " + bundle,
                    index.size() + " features",
                    model.features() + ", as the manifest says",
                    "Copy the bundle again, or train again.");
        }
        LevelClasses classes = LevelClasses.of(LabelTree.of(model.labels()));
        if (classes.levels() != model.levels().size()) {
            throw ModelBundle.refused(
                    "open the model bundle " + bundle,
                    model.levels().size() + " levels",
                    classes.levels() + ", as the labels have",
                    "Copy the bundle again, or train again.");
        }
        return new LinearClassifier(
                model,
                classes,
                index,
                LinearWeights.read(directory, index.size(), classes.classes().size()));
    }

    @Override
    public List<CategoryPath> labels() {
        return model.labels();
    }

    @Override
    public List<float[]> logits(List<Product> cleanedProducts) {
        NgramIndex.Reader idle = idleReaders.poll();
        NgramIndex.Reader reader = idle == null ? index.reader() : idle;
        List<float[]> logits = new ArrayList<>(cleanedProducts.size());
        for (Product product : cleanedProducts) {
            logits.add(classes.scores(weights.scores(reader.vector(product)), model.levels()));
        }
        idleReaders.add(reader);
        return logits;
    }

    /** The mappings go with the garbage. */
    @Override
    public void close() {
        idleReaders.clear();
    }
}
