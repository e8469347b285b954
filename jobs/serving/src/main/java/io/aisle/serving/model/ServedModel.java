package io.aisle.serving.model;

import io.aisle.core.model.BackOff;
import io.aisle.core.model.Classifier;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.product.ProductField;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.core.text.FieldBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that answers. It stays open until it is retired and whoever leased it has given it back, so that a request that began with it
 * ends with it.
 */
public final class ServedModel {
    private final String name;
    private final ModelBundle bundle;
    private final Classifier classifier;
    private final BackOff backOff;
    private final Instant loadedAt;
    private final String card;
    private final Optional<TemporaryDirectory> copy;
    /** One of whoever made it, one of each lease. */
    private final AtomicInteger holders = new AtomicInteger(1);

    private ServedModel(
            String name, ModelBundle bundle, Classifier classifier, Instant loadedAt, Optional<TemporaryDirectory> copy)
            throws IOException {
        this.name = name;
        this.bundle = bundle;
        this.classifier = classifier;
        this.backOff = BackOff.of(bundle.labels());
        this.loadedAt = loadedAt;
        this.card = Files.readString(bundle.directory().resolve("README.md"));
        this.copy = copy;
    }

    /**
     * Opens a bundle, and so verifies it: hashes, labels, probes.
     *
     * @param directory of the bundle on the local disk
     * @param copy what to remove when it is closed
     * @throws io.aisle.core.UserException if it cannot be used
     */
    static ServedModel open(String name, Path directory, Optional<TemporaryDirectory> copy) {
        // batches are what runs side by side, each on one core
        ModelBundle.Opened opened = ModelBundle.openToScore(directory, 1);
        try {
            return new ServedModel(name, opened.bundle(), opened.classifier(), Instant.now(), copy);
        } catch (IOException e) {
            opened.classifier().close();
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps it open until {@link #giveBack}; false where it is closed already. */
    boolean lease() {
        int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before > 0;
    }

    /** Ends a lease, or the hold of whoever made it. The last one closes it. */
    public void giveBack() {
        if (holders.decrementAndGet() == 0) {
            classifier.close();
            copy.ifPresent(TemporaryDirectory::close);
        }
    }

    /** The directory of its bundle. */
    public String name() {
        return name;
    }

    public ModelBundle bundle() {
        return bundle;
    }

    /** Names the bundle: the first 12 hex digits of its hash. */
    public String version() {
        return bundle.version();
    }

    public Instant loadedAt() {
        return loadedAt;
    }

    /** The model card, Markdown. */
    public String card() {
        return card;
    }

    Classifier classifier() {
        return classifier;
    }

    /**
     * Says where a product goes.
     *
     * @param probabilities float[labels]
     * @param threshold to accept from; empty: the bundle's
     */
    public Prediction prediction(float[] probabilities, OptionalDouble threshold, int top, boolean isBackingOff) {
        return Prediction.of(
                bundle.labels(),
                probabilities,
                threshold.orElse(bundle.manifest().acceptThreshold()),
                Math.min(top, bundle.labels().size()),
                isBackingOff ? backOff : BackOff.none());
    }

    /** The index of the most probable label; of equal ones the lower. */
    public int mostProbable(float[] probabilities) {
        return bundle.labels()
                .indexOf(prediction(probabilities, OptionalDouble.empty(), 1, false)
                        .category());
    }

    /** The fields that it reads, in the order of its recipe. */
    List<ProductField> fields() {
        return bundle.recipe().fields().stream().map(FieldBudget::field).toList();
    }
}
