package io.aisle.core.model;

import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Scores products by the n-grams of their fields. */
final class NgramClassifier implements Classifier {
    private final List<CategoryPath> labels;
    private final NgramIndex index;
    private final VectorScorer scorer;
    /** Each serves one thread at a time. */
    private final Queue<NgramIndex.Reader> idleReaders = new ConcurrentLinkedQueue<>();

    NgramClassifier(List<CategoryPath> labels, NgramIndex index, VectorScorer scorer) {
        this.labels = labels;
        this.index = index;
        this.scorer = scorer;
    }

    /**
     * Reads the n-grams of a bundle.
     *
     * @param directory where the bundle keeps them
     * @param features as the manifest says
     */
    static NgramIndex index(Path bundle, String directory, NgramSettings ngrams, ModelDefinition model, int features) {
        NgramIndex index = NgramIndex.read(bundle.resolve(directory), ngrams, model.recipe());
        if (index.size() != features) {
            throw ModelBundle.refused(
                    "open the model bundle " + bundle,
                    index.size() + " features",
                    features + ", as the manifest says",
                    "Copy the bundle again, or train again.");
        }
        return index;
    }

    @Override
    public List<CategoryPath> labels() {
        return labels;
    }

    @Override
    public List<float[]> logits(List<Product> cleanedProducts) {
        NgramIndex.Reader idle = idleReaders.poll();
        NgramIndex.Reader reader = idle == null ? index.reader() : idle;
        List<float[]> logits = new ArrayList<>(cleanedProducts.size());
        for (Product product : cleanedProducts) {
            logits.add(scorer.scores(reader.vector(product)));
        }
        idleReaders.add(reader);
        return logits;
    }

    /** What is mapped goes with the garbage. */
    @Override
    public void close() {
        idleReaders.clear();
    }
}
